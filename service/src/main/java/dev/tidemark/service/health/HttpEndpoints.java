package dev.tidemark.service.health;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import dev.tidemark.service.http.BoundedHttpServer;
import dev.tidemark.service.http.HttpAnswer;
import dev.tidemark.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP endpoints of a service: {@code /health/live}, {@code /health/ready} and {@code /metrics}, and of a sweeper
 * {@code /events}.
 */
public final class HttpEndpoints implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    private final BoundedHttpServer server;

    /**
     * @param port 0 for any free one
     * @throws InvalidSettingsException if it is taken
     */
    public HttpEndpoints(int port, Health health, Supplier<String> metrics) {
        try {
            server = new BoundedHttpServer(new InetSocketAddress(port), LONGEST_ANSWER);
        } catch (IOException e) {
            throw new InvalidSettingsException(
                    "port %d cannot be listened on (%s): set TIDEMARK_HTTP_PORT to another, or to off"
                            .formatted(port, e.getMessage()),
                    e);
        }
        server.handle(
                "/",
                exchange ->
                        answer(exchange, () -> switch (exchange.getRequestURI().getPath()) {
                            case "/health/live" -> health(health.notLive());
                            case "/health/ready" -> health(health.notReady());
                            case "/metrics" -> HttpAnswer.of(200, PROMETHEUS, metrics.get());
                            case "/" -> HttpAnswer.of(200, TEXT, "/health/live\n/health/ready\n/metrics\n");
                            default -> HttpAnswer.of(404, TEXT, "there is /health/live, /health/ready and /metrics\n");
                        }));
        server.start();
    }

    /** Takes the registry's notifications from now on. */
    public void take(EventsEndpoint events) {
        server.handle("/events", exchange -> post(exchange, events));
    }

    private static void post(HttpExchange exchange, EventsEndpoint events) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/events")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            if (!exchange.getRequestMethod().equals("POST")) {
                exchange.getResponseHeaders().set("Allow", "POST");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            exchange.sendResponseHeaders(events.answer(exchange), -1);
        }
    }

    /** The port that is listened on. */
    public int port() {
        return server.port();
    }

    private static HttpAnswer health(Map<String, String> problems) {
        var body = new LinkedHashMap<String, Object>();
        body.put("status", problems.isEmpty() ? "up" : "down");
        body.put("problems", problems);
        try {
            return HttpAnswer.of(
                    problems.isEmpty() ? 200 : 503, "application/json", JSON.writeValueAsString(body) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("problems are plain data", e);
        }
    }

    private static void answer(HttpExchange exchange, Supplier<HttpAnswer> question) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            answered(question).to(exchange);
        }
    }

    private static HttpAnswer answered(Supplier<HttpAnswer> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            LOG.warn("an answer failed", e);
            return HttpAnswer.of(500, TEXT, e + "\n");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
