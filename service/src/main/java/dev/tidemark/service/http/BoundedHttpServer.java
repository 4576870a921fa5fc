package dev.tidemark.service.http;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The HTTP server of the JDK with a few threads, which no client holds up for long. */
public final class BoundedHttpServer implements AutoCloseable {

    /** So many requests are answered at once; others wait. */
    public static final int THREADS = 16;

    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(5);

    private final HttpServer server;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                var thread = new Thread(task, "http");
                thread.setDaemon(true);
                return thread;
            });

    /**
     * @param address with port 0 for any free one
     * @param longestAnswer how long an answer may take to be made and sent. The first server of a process decides
     * @throws IOException if it can't be listened on
     */
    public BoundedHttpServer(InetSocketAddress address, Duration longestAnswer) throws IOException {
        // The server waits for the rest of a request for ever unless it is told not to: a few clients that send no more
        // than a byte would hold all its threads, and the service would be taken for dead.
        limit("sun.net.httpserver.maxReqTime", LONGEST_REQUEST);
        limit("sun.net.httpserver.maxRspTime", longestAnswer);
        server = HttpServer.create(address, 0);
        threads.allowCoreThreadTimeOut(true);
        server.setExecutor(threads);
    }

    private static void limit(String property, Duration time) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Long.toString(time.toSeconds()));
        }
    }

    /** Answers requests for this path, and for all below that nobody else answers. */
    public void handle(String path, HttpHandler handler) {
        server.createContext(path, handler);
    }

    public void start() {
        server.start();
    }

    /** The port that is listened on. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
