package dev.tidemark.report.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server of the page, with answers that a test has made. */
final class CannedServer implements AutoCloseable {

    static final String TOKEN = "a-token-of-this-test";

    private static final String API = "/api/";
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    private final Map<String, Function<JsonNode, Answer>> answers = new ConcurrentHashMap<>();
    /** The requests to the API, as {@code GET runs}. */
    private final List<String> asked = new CopyOnWriteArrayList<>();

    record Answer(int status, String body, Map<String, String> headers) {

        static Answer of(String body) {
            return new Answer(200, body, Map.of("Tidemark-Read", "2026-11-23T21:24:00Z"));
        }

        static Answer refused(int status, String why) {
            return new Answer(
                    status,
                    JsonSerde.MAPPER
                            .createObjectNode()
                            .put("error", why)
                            .put("exit", 2)
                            .toString(),
                    Map.of());
        }
    }

    CannedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            }
        });
        server.start();
    }

    /** @param request as {@code POST runs/20261123-211839/undo} */
    CannedServer on(String request, Function<JsonNode, Answer> answer) {
        answers.put(request, answer);
        return this;
    }

    CannedServer on(String request, String body) {
        return on(request, asked -> Answer.of(body));
    }

    CannedServer refuses(String request, int status, String why) {
        return on(request, asked -> Answer.refused(status, why));
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Forgets all answers and requests. */
    void clear() {
        answers.clear();
        asked.clear();
    }

    URI address(String after) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + after);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.startsWith(API)) {
            send(exchange, "application/json", api(exchange, path.substring(API.length())));
            return;
        }
        var file = UiFiles.file(path);
        if (file.isEmpty()) {
            send(exchange, "text/plain", new Answer(404, "", Map.of()));
            return;
        }
        String text = new String(file.get().bytes(), StandardCharsets.UTF_8);
        send(exchange, file.get().contentType(), new Answer(200, text, Map.of("Content-Security-Policy", POLICY)));
    }

    private Answer api(HttpExchange exchange, String path) throws IOException {
        String request = exchange.getRequestMethod() + " " + path;
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return Answer.refused(401, "the token is missing, or another one");
        }
        asked.add(request);
        var answer = answers.get(request);
        return answer == null
                ? Answer.refused(404, "there is nothing at " + path)
                : answer.apply(JsonSerde.MAPPER.readTree(body));
    }

    private static void send(HttpExchange exchange, String type, Answer answer) throws IOException {
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
