package dev.tidemark.service.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The answer to a request.
 *
 * @param type of the body, as the header {@code Content-Type} has it
 * @param headers others than that
 */
public record HttpAnswer(int status, String type, byte[] body, Map<String, String> headers) {

    public static HttpAnswer of(int status, String type, byte[] body) {
        return new HttpAnswer(status, type, body, Map.of());
    }

    public static HttpAnswer of(int status, String type, String body) {
        return of(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The same with a header more. */
    public HttpAnswer with(String header, String value) {
        var more = new HashMap<>(headers);
        more.put(header, value);
        return new HttpAnswer(status, type, body, Map.copyOf(more));
    }

    /** Sends it; to {@code HEAD} without its body. */
    public void to(HttpExchange exchange) throws IOException {
        headers.forEach(exchange.getResponseHeaders()::set);
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD") || body.length == 0) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
