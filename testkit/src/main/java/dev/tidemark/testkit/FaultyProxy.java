package dev.tidemark.testkit;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A proxy before a server of objects, where a test can count requests and let them fail. */
public final class FaultyProxy implements AutoCloseable {

    private static final Set<String> NOT_FORWARDED =
            Set.of("connection", "content-length", "expect", "upgrade", "transfer-encoding");

    static {
        // The signature covers the host that the client spoke to. The build sets this as well: it counts before the
        // first HttpClient only.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,date");
    }

    /** The server's port. */
    private final int server;

    private final Protocol protocol;
    private final boolean tls;
    private final HttpServer front;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile Function<Request, Optional<Answer>> faults = request -> Optional.empty();

    /** The protocol of the server's clients. */
    public interface Protocol {

        /** The API's name for a request: ListObjectsV2, GetObject, … */
        String operation(String method, String path, String query, Headers headers);

        /** An error, in words of the API. */
        String error(int status, String code);

        /** The headers of such an error. */
        Map<String, List<String>> headers(String code);
    }

    /**
     * A request as it came.
     *
     * @param operation as {@link Protocol#operation} names it
     * @param path with the bucket
     */
    public record Request(String operation, String method, String path, String query, Headers headers) {

        /** The value of a parameter of the query, or null. */
        public String parameter(String name) {
            for (String part : query.split("&")) {
                if (part.startsWith(name + "=")) {
                    return URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
                }
            }
            return null;
        }
    }

    /** The answer of the proxy in place of the server. */
    public sealed interface Answer {

        /** An error, as {@link Protocol#error} words it. */
        record Error(int status, String code) implements Answer {}

        /** The answer of something that is no such server. */
        record Plain(int status, String text) implements Answer {}

        /** The connection is cut. */
        record Cut() implements Answer {}

        /** None, as long as the server is there. */
        record Silence() implements Answer {}

        /** The server's answer, changed. */
        record Changed(UnaryOperator<String> body) implements Answer {}

        /** The server's answer, with other values of some headers. */
        record Headed(Map<String, String> headers) implements Answer {}

        /** The server does what it is asked for, and its answer is lost. */
        record Lost() implements Answer {}
    }

    /** @param certificate null without TLS */
    public FaultyProxy(int server, Certificate certificate, Protocol protocol) throws IOException {
        this.server = server;
        this.protocol = protocol;
        tls = certificate != null;
        front = front(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), certificate);
        front.createContext("/", this::handle);
        front.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        front.start();
    }

    private static HttpServer front(InetSocketAddress address, Certificate certificate) throws IOException {
        if (certificate == null) {
            return HttpServer.create(address, 0);
        }
        HttpsServer front = HttpsServer.create(address, 0);
        front.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
        return front;
    }

    public int port() {
        return front.getAddress().getPort();
    }

    public String url() {
        return (tls ? "https" : "http") + "://127.0.0.1:" + port();
    }

    public void faults(Function<Request, Optional<Answer>> newFaults) {
        faults = newFaults;
    }

    public Map<String, Long> requests() {
        Map<String, Long> sums = new TreeMap<>();
        counts.forEach((operation, count) -> sums.put(operation, count.sum()));
        return sums;
    }

    public void forgetRequests() {
        counts.clear();
    }

    private void handle(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        var request = new Request(
                protocol.operation(exchange.getRequestMethod(), uri.getRawPath(), query, exchange.getRequestHeaders()),
                exchange.getRequestMethod(),
                uri.getPath(),
                query,
                exchange.getRequestHeaders());
        counts.computeIfAbsent(request.operation(), operation -> new LongAdder())
                .increment();
        byte[] body = exchange.getRequestBody().readAllBytes();
        switch (faults.apply(request).orElse(null)) {
            case Answer.Error(int status, String code) -> {
                answer(
                        exchange,
                        status,
                        protocol.headers(code),
                        protocol.error(status, code).getBytes(StandardCharsets.UTF_8));
            }
            case Answer.Plain(int status, String text) ->
                answer(
                        exchange,
                        status,
                        Map.of("Content-Type", List.of("text/plain")),
                        text.getBytes(StandardCharsets.UTF_8));
            case Answer.Cut() -> exchange.close();
            case Answer.Silence() -> {
                awaitClose();
                exchange.close();
            }
            case Answer.Changed(UnaryOperator<String> change) -> {
                HttpResponse<byte[]> response = forward(exchange, body);
                String changed = change.apply(new String(response.body(), StandardCharsets.UTF_8));
                answer(
                        exchange,
                        response.statusCode(),
                        response.headers().map(),
                        changed.getBytes(StandardCharsets.UTF_8));
            }
            case Answer.Headed(Map<String, String> changed) -> {
                HttpResponse<byte[]> response = forward(exchange, body);
                Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                headers.putAll(response.headers().map());
                changed.forEach((name, value) -> headers.put(name, List.of(value)));
                answer(exchange, response.statusCode(), headers, response.body());
            }
            case Answer.Lost() -> {
                forward(exchange, body);
                exchange.close();
            }
            case null -> {
                HttpResponse<byte[]> response = forward(exchange, body);
                answer(exchange, response.statusCode(), response.headers().map(), response.body());
            }
        }
    }

    private void awaitClose() throws IOException {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body) throws IOException {
        URI uri = exchange.getRequestURI();
        String target = "http://127.0.0.1:" + server + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(target))
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, List<String>> headers, byte[] body)
            throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        headers.forEach((name, values) -> {
            boolean length = name.equalsIgnoreCase("content-length");
            if ((!name.startsWith(":") && !NOT_FORWARDED.contains(name.toLowerCase(Locale.ROOT))) || (length && head)) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    @Override
    public void close() {
        closed.countDown();
        front.stop(0);
        client.close();
    }
}
