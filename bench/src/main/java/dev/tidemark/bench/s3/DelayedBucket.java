package dev.tidemark.bench.s3;

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
 * An S3 for measuring: one bucket in memory, a delay before every answer, and a count of the requests. It checks no
 * signature and keeps nothing. However many requests come at once, each waits for its own delay only.
 */
public final class DelayedBucket implements AutoCloseable {

    /** The path at which the bench asks for the counts of requests: without a delay, and not counted. */
    public static final String COUNTS = "-bench-requests";

    /** The path at which the bench asks for the blobs that are there. */
    public static final String BLOBS = "-bench-blobs";

    /** The same, after all that was deleted is back. */
    public static final String RESTORE = "-bench-restore";

    private final S3Operations operations;
    private final Duration delay;
    private final ServerSocket listening;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    private DelayedBucket(S3Operations operations, Duration delay, ServerSocket listening) {
        this.operations = operations;
        this.delay = delay;
        this.listening = listening;
    }

    /**
     * @param port 0 for any free one
     */
    public static DelayedBucket start(String bucket, S3Store store, Duration delay, int port) {
        try {
            var listening = new ServerSocket();
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
            var server = new DelayedBucket(new S3Operations(bucket, store), delay, listening);
            Thread.ofVirtual().start(server::accept);
            return server;
        } catch (IOException e) {
            throw new BenchException("S3 cannot listen on port " + port + ": " + e.getMessage(), e);
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
            for (S3Request request = connection.next(); request != null; request = connection.next()) {
                S3Response answer = answer(request);
                connection.send(request.method().equals("HEAD") ? answer.withoutBody() : answer);
            }
        } catch (IOException gone) {
            // The client has closed its connection.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private S3Response answer(S3Request request) throws InterruptedException {
        switch (request.bucket()) {
            case COUNTS -> {
                return json(requests());
            }
            case BLOBS -> {
                return json(operations.blobs());
            }
            case RESTORE -> {
                operations.restore();
                return json(operations.blobs());
            }
            default -> {
                // The bucket, or none that there is.
            }
        }
        String operation = request.operation();
        counts.computeIfAbsent(operation, name -> new LongAdder()).increment();
        Thread.sleep(delay);
        return operations.answer(request, operation);
    }

    private static S3Response json(Object value) {
        return S3Response.of(
                200,
                Map.of("Content-Type", "application/json"),
                Json.text(value).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new BenchException("cannot stop S3: " + e.getMessage(), e);
        }
    }
}
