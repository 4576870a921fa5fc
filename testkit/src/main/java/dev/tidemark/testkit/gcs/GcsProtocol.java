package dev.tidemark.testkit.gcs;

import com.sun.net.httpserver.Headers;
import dev.tidemark.testkit.FaultyProxy;
import java.util.List;
import java.util.Map;

/** The names of the JSON API's operations, and its errors. */
final class GcsProtocol implements FaultyProxy.Protocol {

    @Override
    public String operation(String method, String path, String query, Headers headers) {
        if (path.equals("/token")) {
            return "token";
        }
        if (path.startsWith("/batch/")) {
            return "batch";
        }
        if (path.startsWith("/upload/")) {
            return "objects.insert";
        }
        if (path.contains("/rewriteTo/")) {
            return "objects.rewrite";
        }
        boolean object = path.contains("/o/");
        return switch (method) {
            case "GET" -> object ? "objects.get" : path.endsWith("/o") ? "objects.list" : "read";
            case "DELETE" -> "objects.delete";
            default -> method + " " + path;
        };
    }

    @Override
    public String error(int status, String reason) {
        return """
            {"error": {"code": %d, "message": "as the test wants it",
             "errors": [{"domain": "global", "reason": "%s", "message": "as the test wants it"}]}}
            """.formatted(status, reason);
    }

    @Override
    public Map<String, List<String>> headers(String reason) {
        return Map.of("Content-Type", List.of("application/json"));
    }
}
