package dev.tidemark.bench.bucket;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.bench.bucket.ObjectStore.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The operations of Google Cloud Storage's JSON API that Tidemark asks for, on a bucket in memory. Of an object it says
 * what Tidemark wants to know of it, whatever {@code fields} says.
 */
public final class GcsBucketApi implements BucketApi {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int PAGE = 1000;

    private final String objects;
    private final ObjectStore store;

    public GcsBucketApi(String bucket, ObjectStore store) {
        objects = "/storage/v1/b/" + bucket + "/o";
        this.store = store;
    }

    @Override
    public String operation(BucketRequest request) {
        boolean object = request.path().startsWith(objects + "/");
        return switch (request.method()) {
            case "GET" -> object ? "objects.get" : request.path().equals(objects) ? "objects.list" : "other";
            case "DELETE" -> object ? "objects.delete" : "other";
            case "POST" -> request.path().equals("/batch/storage/v1") ? "batch" : "other";
            default -> "other";
        };
    }

    @Override
    public Response answer(BucketRequest request, String operation) {
        return switch (operation) {
            case "objects.list" -> list(request);
            case "objects.get" -> get(request);
            case "objects.delete" -> delete(request);
            case "batch" ->
                BatchRequest.answer(
                        200, request, id -> id.replaceFirst("^<", "<response-"), part -> answer(part, operation(part)));
            default -> error(501, "notImplemented");
        };
    }

    private String name(BucketRequest request) {
        return request.path().substring(objects.length() + 1);
    }

    private Response get(BucketRequest request) {
        Optional<Stored> stored = store.get(name(request));
        if (stored.isEmpty()) {
            return error(404, "notFound");
        }
        if (!request.query("alt").equals("media")) {
            return json(
                    200,
                    json -> resource(json, name(request), stored.get(), new ObjectTimes(ObjectTimes.MILLISECONDS)));
        }
        return StoredContent.of(
                        stored.get(),
                        request.header("range"),
                        Map.of(
                                "Content-Type",
                                "application/octet-stream",
                                "x-goog-generation",
                                generation(stored.get())))
                .orElseGet(() -> error(416, "requestedRangeNotSatisfiable"));
    }

    private Response delete(BucketRequest request) {
        Optional<Stored> stored = store.get(name(request));
        if (stored.isEmpty()) {
            return error(404, "notFound");
        }
        String condition = request.query("ifGenerationMatch");
        if (!condition.isEmpty() && !condition.equals(generation(stored.get()))) {
            return error(412, "conditionNotMet");
        }
        store.delete(name(request));
        return Response.empty(204);
    }

    private Response list(BucketRequest request) {
        String token = request.query("pageToken");
        boolean first = token.isEmpty();
        ObjectStore.Page page = store.list(
                request.query("prefix"),
                request.query("delimiter"),
                first
                        ? request.query("startOffset")
                        : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8),
                first,
                request.number("maxResults", PAGE));
        return json(200, json -> {
            json.writeStartObject();
            json.writeStringField("kind", "storage#objects");
            if (page.last() != null) {
                json.writeStringField(
                        "nextPageToken",
                        Base64.getUrlEncoder().encodeToString(page.last().getBytes(StandardCharsets.UTF_8)));
            }
            json.writeArrayFieldStart("prefixes");
            for (String prefix : page.prefixes()) {
                json.writeString(prefix);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("items");
            var times = new ObjectTimes(ObjectTimes.MILLISECONDS);
            for (ObjectStore.Listed listed : page.objects()) {
                resource(json, listed.key(), listed.object(), times);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static void resource(JsonGenerator json, String name, Stored object, ObjectTimes times) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("generation", generation(object));
        json.writeStringField("size", Integer.toString(object.bytes().length));
        json.writeStringField("timeCreated", times.format(object.modified()));
        json.writeStringField(
                "md5Hash", Base64.getEncoder().encodeToString(HexFormat.of().parseHex(object.md5())));
        json.writeEndObject();
    }

    /** As GCS has it: a time, in microseconds. */
    private static String generation(Stored object) {
        return object.modified().toEpochMilli() + "000";
    }

    private interface Document {
        void write(JsonGenerator json) throws IOException;
    }

    private static Response json(int status, Document document) {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            document.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Response.of(status, Map.of("Content-Type", "application/json"), bytes.toByteArray());
    }

    private static Response error(int status, String reason) {
        return json(status, json -> {
            json.writeStartObject();
            json.writeObjectFieldStart("error");
            json.writeNumberField("code", status);
            json.writeStringField("message", reason);
            json.writeArrayFieldStart("errors");
            json.writeStartObject();
            json.writeStringField("reason", reason);
            json.writeStringField("message", reason);
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        });
    }
}
