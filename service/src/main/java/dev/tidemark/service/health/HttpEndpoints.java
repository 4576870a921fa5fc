package dev.tidemark.service.health;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

    private static final int THREADS = 16;

    static {
        // The server waits for the rest of a request for ever unless it is told not to: a few clients that send no more
        // than a byte
        // would hold all its threads, and the service would be taken for dead.
        limit("sun.net.httpserver.maxReqTime", "5");
        limit("sun.net.httpserver.maxRspTime", "30");
    }

    private final HttpServer server;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                var thread = new Thread(task, "http");
                thread.setDaemon(true);
                return thread;
            });

    /** The answer to a request. */
    private record Answer(int status, String type, String body) {}

    /**
     * @param port 0 for any free one
     * @throws InvalidSettingsException if it is taken
     */
    public HttpEndpoints(int port, Health health, Supplier<String> metrics) {
        try {
            server = HttpServer.create(new InetSocketAddress(port), 0);
        } catch (IOException e) {
            throw new InvalidSettingsException(
                    "port %d cannot be listened on (%s): set TIDEMARK_HTTP_PORT to another, or to off"
                            .formatted(port, e.getMessage()),
                    e);
        }
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange ->
                        answer(exchange, () -> switch (exchange.getRequestURI().getPath()) {
                            case "/health/live" -> health(health.notLive());
                            case "/health/ready" -> health(health.notReady());
                            case "/metrics" -> new Answer(200, PROMETHEUS, metrics.get());
                            case "/" -> new Answer(200, TEXT, "/health/live\n/health/ready\n/metrics\n");
                            default -> new Answer(404, TEXT, "there is /health/live, /health/ready and /metrics\n");
                        }));
        server.start();
    }

    /** Takes the registry's notifications from now on. */
    public void take(EventsEndpoint events) {
        server.createContext("/events", exchange -> post(exchange, events));
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

    private static void limit(String property, String seconds) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, seconds);
        }
    }

    /** The port that is listened on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static Answer health(Map<String, String> problems) {
        var body = new LinkedHashMap<String, Object>();
        body.put("status", problems.isEmpty() ? "up" : "down");
        body.put("problems", problems);
        try {
            return new Answer(problems.isEmpty() ? 200 : 503, "application/json", JSON.writeValueAsString(body) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("problems are plain data", e);
        }
    }

    private static void answer(HttpExchange exchange, Supplier<Answer> question) throws IOException {
        try (exchange) {
            String method = exchange.getRequestMethod();
            if (!method.equals("GET") && !method.equals("HEAD")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            Answer answer = answered(question);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            if (method.equals("HEAD")) {
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static Answer answered(Supplier<Answer> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            LOG.warn("an answer failed", e);
            return new Answer(500, TEXT, e + "\n");
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
