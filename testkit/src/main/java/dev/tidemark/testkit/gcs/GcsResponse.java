package dev.tidemark.testkit.gcs;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** An answer of the fake of Google Cloud Storage. */
record GcsResponse(int status, Map<String, String> headers, byte[] body) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static GcsResponse of(int status) {
        return new GcsResponse(status, Map.of(), new byte[0]);
    }

    static GcsResponse json(int status, Object body) {
        try {
            return new GcsResponse(
                    status, Map.of("Content-Type", "application/json; charset=UTF-8"), JSON.writeValueAsBytes(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An error, as GCS words it. */
    static GcsResponse error(int status, String reason, String message) {
        return json(
                status,
                Map.of(
                        "error",
                        Map.of(
                                "code",
                                status,
                                "message",
                                message,
                                "errors",
                                List.of(Map.of("domain", "global", "reason", reason, "message", message)))));
    }
}
