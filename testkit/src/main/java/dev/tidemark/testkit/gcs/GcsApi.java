package dev.tidemark.testkit.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.testkit.gcs.GcsFiles.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The operations of GCS's JSON API that {@link GcsServer} has, one by one. */
final class GcsApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    /** Parameters that would change what is answered, and that the fake does not know. */
    private static final Set<String> UNKNOWN =
            Set.of("matchGlob", "softDeleted", "versions", "includeTrailingDelimiter", "includeFoldersAsPrefixes");

    private final GcsFiles files;
    private final GcsUploads uploads;
    private final Map<String, Long> rewrites = new ConcurrentHashMap<>();

    /** How many bytes of an object a rewrite copies in one call. */
    private volatile long bytesOfARewrite = Long.MAX_VALUE;

    GcsApi(GcsFiles files) {
        this.files = files;
        uploads = new GcsUploads(files);
    }

    void rewriteInSteps(long bytes) {
        bytesOfARewrite = bytes;
    }

    GcsResponse answer(ReceivedRequest request) {
        if (request.parameters().entrySet().stream()
                .anyMatch(parameter -> UNKNOWN.contains(parameter.getKey())
                        && !parameter.getValue().isEmpty()
                        && !parameter.getValue().equals("false"))) {
            return GcsResponse.error(501, "notImplemented", "the fake does not know " + request.parameters());
        }
        if (request.isFor("POST", "batch", "storage", "v1")) {
            return ReceivedBatch.answer(request, this::answer);
        }
        int at = request.steps().getFirst().equals("upload") ? 4 : 3;
        boolean json = request.steps().size() > at;
        String bucket = json ? request.steps().get(at) : request.steps().getFirst();
        if (!files.hasBucket(bucket)) {
            return GcsResponse.error(404, "notFound", "The specified bucket does not exist.");
        }
        if (request.isFor("GET", "storage", "v1", "b", "*", "o")) {
            return GcsListing.page(files.all(bucket), request);
        }
        if (request.steps().getFirst().equals("upload")) {
            return uploads.answer(bucket, request);
        }
        if (request.isFor("POST", "storage", "v1", "b", "*", "o", "*", "rewriteTo", "b", "*", "o", "*")) {
            return rewrite(bucket, request);
        }
        if (request.isFor("GET", "storage", "v1", "b", "*", "o", "*")) {
            return found(bucket, request.steps().getLast(), object -> read(bucket, object, request));
        }
        if (request.isFor("DELETE", "storage", "v1", "b", "*", "o", "*")) {
            return found(bucket, request.steps().getLast(), object -> delete(bucket, object, request));
        }
        if (request.method().equals("GET") && !request.steps().getFirst().equals("storage")) {
            // The XML API, by which Google's client for Go reads.
            String name =
                    String.join("/", request.steps().subList(1, request.steps().size()));
            return found(bucket, name, object -> content(bucket, object, request));
        }
        return GcsResponse.error(
                501, "notImplemented", "the fake does not do " + request.method() + " " + request.steps());
    }

    private GcsResponse found(String bucket, String name, Function<Stored, GcsResponse> then) {
        synchronized (files) {
            return files.get(bucket, name)
                    .map(then)
                    .orElseGet(() -> GcsResponse.error(404, "notFound", "No such object: " + bucket + "/" + name));
        }
    }

    private GcsResponse read(String bucket, Stored object, ReceivedRequest request) {
        OptionalLong generation = request.number("generation");
        if (generation.isPresent() && generation.getAsLong() != object.generation()) {
            return GcsResponse.error(404, "notFound", "No such object: " + bucket + "/" + object.name());
        }
        if (!matches(request, "ifGenerationMatch", object)) {
            return preconditionFailed();
        }
        return request.parameter("alt").equals("media")
                ? content(bucket, object, request)
                : GcsResponse.json(200, resource(bucket, object));
    }

    private GcsResponse delete(String bucket, Stored object, ReceivedRequest request) {
        if (!matches(request, "ifGenerationMatch", object)) {
            return preconditionFailed();
        }
        files.delete(bucket, object.name());
        return GcsResponse.of(204);
    }

    private static boolean matches(ReceivedRequest request, String condition, Stored object) {
        OptionalLong generation = request.number(condition);
        return generation.isEmpty() || generation.getAsLong() == object.generation();
    }

    static GcsResponse preconditionFailed() {
        return GcsResponse.error(
                412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
    }

    private GcsResponse content(String bucket, Stored object, ReceivedRequest request) {
        byte[] content = files.content(bucket, object.name());
        Map<String, String> headers = new HashMap<>(Map.of(
                "Content-Type",
                object.contentType(),
                "X-Goog-Generation",
                "" + object.generation(),
                "X-Goog-Metageneration",
                "1",
                "X-Goog-Stored-Content-Length",
                "" + object.size()));
        Matcher range = RANGE.matcher(request.header("range"));
        if (!range.matches()) {
            return new GcsResponse(200, headers, content);
        }
        long first = Long.parseLong(range.group(1));
        if (first >= content.length) {
            return GcsResponse.error(416, "requestedRangeNotSatisfiable", "Request range not satisfiable");
        }
        long last = Math.min(
                content.length - 1L, range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2)));
        headers.put("Content-Range", "bytes " + first + "-" + last + "/" + content.length);
        return new GcsResponse(
                206, headers, Arrays.copyOfRange(content, Math.toIntExact(first), Math.toIntExact(last + 1)));
    }

    private GcsResponse rewrite(String bucket, ReceivedRequest request) {
        String to = request.steps().get(8);
        String name = request.steps().getLast();
        return found(bucket, request.steps().get(5), object -> {
            if (!matches(request, "ifSourceGenerationMatch", object)
                    || !files.matches(to, name, request.number("ifGenerationMatch"))) {
                return preconditionFailed();
            }
            String token = request.parameter("rewriteToken");
            if (!token.isEmpty() && !rewrites.containsKey(token)) {
                return GcsResponse.error(400, "invalid", "The rewriteToken is not known.");
            }
            long most = Math.min(
                    bytesOfARewrite, request.number("maxBytesRewrittenPerCall").orElse(Long.MAX_VALUE));
            long before = token.isEmpty() ? 0 : rewrites.get(token);
            long done = object.size() - before <= most ? object.size() : before + most;
            Map<String, Object> answer = new LinkedHashMap<>(Map.of(
                    "kind",
                    "storage#rewriteResponse",
                    "objectSize",
                    "" + object.size(),
                    "totalBytesRewritten",
                    "" + done,
                    "done",
                    done == object.size()));
            if (done < object.size()) {
                String next = token.isEmpty() ? UUID.randomUUID().toString() : token;
                rewrites.put(next, done);
                answer.put("rewriteToken", next);
                return GcsResponse.json(200, answer);
            }
            Optional<Stored> copy = files.write(
                    to,
                    name,
                    files.content(bucket, object.name()),
                    object.contentType(),
                    object.metadata(),
                    request.number("ifGenerationMatch"));
            answer.put("resource", resource(to, copy.orElseThrow()));
            return GcsResponse.json(200, answer);
        });
    }

    static Map<String, Object> resource(String bucket, Stored object) {
        Map<String, Object> resource = new LinkedHashMap<>();
        resource.put("kind", "storage#object");
        resource.put("id", bucket + "/" + object.name() + "/" + object.generation());
        resource.put("name", object.name());
        resource.put("bucket", bucket);
        resource.put("generation", "" + object.generation());
        resource.put("metageneration", "1");
        resource.put("contentType", object.contentType());
        resource.put("storageClass", "STANDARD");
        resource.put("size", "" + object.size());
        resource.put("md5Hash", object.md5());
        String written = object.written().truncatedTo(ChronoUnit.MILLIS).toString();
        resource.put("timeCreated", written);
        resource.put("updated", written);
        if (!object.metadata().isEmpty()) {
            resource.put("metadata", object.metadata());
        }
        return resource;
    }

    static JsonNode json(byte[] text) {
        try {
            return Objects.requireNonNull(JSON.readTree(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
