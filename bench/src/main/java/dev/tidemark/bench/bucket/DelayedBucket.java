package dev.tidemark.bench.bucket;

import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.output.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A service of objects for measuring: one bucket in memory, a delay before every answer, and a count of requests. It
 * checks no signature and keeps nothing. However many requests come at once, each waits for its own delay only.
 */
public final class DelayedBucket implements AutoCloseable {

    /** The path at which the bench asks for the counts of requests: without a delay, and not counted. */
    public static final String COUNTS = "/-bench-requests";

    /** The path at which the bench asks for the blobs that are there. */
    public static final String BLOBS = "/-bench-blobs";

    /** The same, after all that was deleted is back. */
    public static final String RESTORE = "/-bench-restore";

    private final BucketApi api;
    private final ObjectStore store;
    private final Duration delay;
    private final ServerSocket listening;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    private DelayedBucket(BucketApi api, ObjectStore store, Duration delay, ServerSocket listening) {
        this.api = api;
        this.store = store;
        this.delay = delay;
        this.listening = listening;
    }

    /**
     * @param port 0 for any free one
     */
    public static DelayedBucket start(BucketApi api, ObjectStore store, Duration delay, int port) {
        try {
            var listening = new ServerSocket();
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
            var server = new DelayedBucket(api, store, delay, listening);
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new BenchException("the bucket cannot listen on port " + port + ": " + e.getMessage(), e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Requests since the start, by operation. */
    Map<String, Long> requests() {
        Map<String, Long> requests = new TreeMap<>();
        counts.forEach((operation, number) -> requests.put(operation, number.sum()));
        return requests;
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (var connection = new HttpConnection(client)) {
            for (BucketRequest request = connection.next(); request != null; request = connection.next()) {
                Response answer = answer(request);
                connection.send(request.method().equals("HEAD") ? answer.withoutBody() : answer);
            }
        } catch (IOException gone) {
            // The client has closed its connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Response answer(BucketRequest request) throws InterruptedException {
        switch (request.path()) {
            case COUNTS -> {
                return json(requests());
            }
            case BLOBS -> {
                return json(store.blobs());
            }
            case RESTORE -> {
                store.restore();
                return json(store.blobs());
            }
            default -> {
                // The bucket, or none that there is.
            }
        }
        String operation = api.operation(request);
        counts.computeIfAbsent(operation, name -> new LongAdder()).increment();
        Thread.sleep(delay);
        return api.answer(request, operation);
    }

    private static Response json(Object value) {
        return Response.of(
                200,
                Map.of("Content-Type", "application/json"),
                Json.text(value).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new BenchException("cannot stop the bucket: " + e.getMessage(), e);
        }
    }
}
