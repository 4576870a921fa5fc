package dev.tidemark.testkit.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Uploads of the three types: the content alone, with its attributes, or in chunks. */
final class GcsUploads {

    private static final Pattern CHUNK = Pattern.compile("bytes (?:(\\d+)-(\\d+)|\\*)/(\\d+|\\*)");

    private final GcsFiles files;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /** An upload in chunks. */
    private record Session(String name, String contentType, ByteArrayOutputStream content) {}

    GcsUploads(GcsFiles files) {
        this.files = files;
    }

    GcsResponse answer(String bucket, ReceivedRequest request) {
        return switch (request.parameter("uploadType")) {
            case "media" ->
                written(
                        bucket,
                        request.parameter("name"),
                        request.body(),
                        request.header("content-type"),
                        Map.of(),
                        request);
            case "multipart" -> withAttributes(bucket, request);
            case "resumable" -> request.parameter("upload_id").isEmpty() ? begin(request) : chunk(bucket, request);
            default -> GcsResponse.error(501, "notImplemented", "the fake has no such upload");
        };
    }

    private GcsResponse withAttributes(String bucket, ReceivedRequest request) {
        List<ReceivedBatch.Part> parts = ReceivedBatch.parts(request);
        JsonNode attributes = GcsApi.json(parts.getFirst().body());
        byte[] content = parts.get(1).body();
        String md5 = attributes.path("md5Hash").asText("");
        if (!md5.isEmpty() && !md5.equals(GcsFiles.md5(content))) {
            return GcsResponse.error(400, "invalid", "Provided MD5 hash does not match the content.");
        }
        Map<String, String> metadata = new HashMap<>();
        attributes
                .path("metadata")
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
        String name = attributes.path("name").asText(request.parameter("name"));
        return written(bucket, name, content, attributes.path("contentType").asText(), metadata, request);
    }

    private GcsResponse written(
            String bucket,
            String name,
            byte[] content,
            String contentType,
            Map<String, String> metadata,
            ReceivedRequest request) {
        return files.write(bucket, name, content, contentType, metadata, request.number("ifGenerationMatch"))
                .map(object -> GcsResponse.json(200, GcsApi.resource(bucket, object)))
                .orElseGet(GcsApi::preconditionFailed);
    }

    private GcsResponse begin(ReceivedRequest request) {
        String id = UUID.randomUUID().toString();
        sessions.put(
                id,
                new Session(
                        request.parameter("name"),
                        request.header("x-upload-content-type"),
                        new ByteArrayOutputStream()));
        String host = request.header("host");
        String scheme = host.endsWith("googleapis.com") ? "https://" : "http://";
        return new GcsResponse(
                200,
                Map.of(
                        "Location",
                        scheme + host + "/" + String.join("/", request.steps()) + "?uploadType=resumable&upload_id="
                                + id),
                new byte[0]);
    }

    private GcsResponse chunk(String bucket, ReceivedRequest request) {
        Session session = sessions.get(request.parameter("upload_id"));
        Matcher range = CHUNK.matcher(request.header("content-range"));
        if (session == null || !range.matches()) {
            return GcsResponse.error(404, "notFound", "no such upload, or no chunk of it");
        }
        ByteArrayOutputStream content = session.content();
        if (range.group(1) != null && Long.parseLong(range.group(1)) != content.size()) {
            return GcsResponse.error(503, "backendError", "chunks come in order");
        }
        content.writeBytes(request.body());
        if (!range.group(3).equals("" + content.size())) {
            return new GcsResponse(
                    308,
                    content.size() == 0 ? Map.of() : Map.of("Range", "bytes=0-" + (content.size() - 1)),
                    new byte[0]);
        }
        sessions.remove(request.parameter("upload_id"));
        return written(bucket, session.name(), content.toByteArray(), session.contentType(), Map.of(), request);
    }
}
