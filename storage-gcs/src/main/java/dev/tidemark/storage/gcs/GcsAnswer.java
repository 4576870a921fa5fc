package dev.tidemark.storage.gcs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/**
 * What the JSON API answers.
 *
 * @param headers by their names in lower case
 */
record GcsAnswer(int status, Map<String, String> headers, byte[] body) {

    static final int NOT_FOUND = 404;
    static final int PRECONDITION_FAILED = 412;
    static final int RANGE_NOT_SATISFIABLE = 416;

    private static final int OK = 200;
    private static final int MULTIPLE_CHOICES = 300;
    private static final int FORBIDDEN = 403;

    /** At these it may be done later. */
    private static final Set<Integer> UNAVAILABLE = Set.of(408, 429, 500, 502, 503, 504);

    private static final Set<String> TOO_MUCH = Set.of("rateLimitExceeded", "userRateLimitExceeded");
    private static final ObjectMapper JSON = new ObjectMapper();

    boolean ok() {
        return status >= OK && status < MULTIPLE_CHOICES;
    }

    /** Whether it is only that it can't be done now. */
    boolean unavailable() {
        return UNAVAILABLE.contains(status) || (status == FORBIDDEN && TOO_MUCH.contains(reason()));
    }

    /** The body as JSON; a missing node if it is none. */
    JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** Whether the error is one of GCS's, and not of something before it. */
    boolean isGcsError() {
        return json().path("error").path("code").asInt() == status;
    }

    /** GCS's name for the error; empty if it has none. */
    String reason() {
        return json().path("error").path("errors").path(0).path("reason").asText("");
    }

    /** What GCS says of the error, in one line. */
    String message() {
        String message = json().path("error").path("message").asText("");
        return message.lines().findFirst().orElse("no reason is given");
    }
}
