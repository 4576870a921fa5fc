package dev.tidemark.storage.gcs;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.StorageException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends requests to GCS, by the JDK's client, and waits for their answers. What is not answered, or refused for the
 * moment, is sent again: nothing below this does that, and nothing above. But a GET on a connection that the server has
 * closed by then is sent again by the JDK itself, at once.
 */
final class GcsRequests implements AutoCloseable {

    /**
     * How long a server may take for one try. There is no limit for all tries together, other than that there are so
     * many: of a process that was stopped for a while, one try has failed when it goes on, and not the call.
     */
    static final Duration TRY = Duration.ofSeconds(40);

    /** How many requests may be under way at once. A further one waits: that is no time that the server takes. */
    private static final int CONNECTIONS = 128;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int TRIES = 5;
    private static final long FIRST_PAUSE = 200;
    private static final long LONGEST_PAUSE = 20_000;

    private final HttpClient http = HttpClient.newBuilder()
            // Of one connection of version 2 the client takes as many streams as the server allows, and fails beyond.
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final String server;
    private final String userAgent;
    private final AccessToken token;
    private final GcsFailures failures;
    private final Calls calls;
    private final Duration limit;
    private final Patience patience = new Patience();
    private final Semaphore connections = new Semaphore(CONNECTIONS);
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param server its address
     * @param userAgent what the requests are to name first, or null
     * @param limit of each try
     */
    GcsRequests(String server, String userAgent, AccessToken token, GcsFailures failures, Calls calls, Duration limit) {
        this.server = server;
        this.userAgent = (userAgent == null ? "" : userAgent + " ") + "tidemark";
        this.token = token;
        this.failures = failures;
        this.calls = calls;
        this.limit = limit;
    }

    /**
     * The answer to a request. It may be that it can't be done.
     *
     * @throws NotAllowedException if a try is not allowed any more
     * @throws StorageException if there is none, or only that it can't be done now, however often it was asked for
     */
    GcsAnswer send(GcsRequest request) {
        try {
            connections.acquire();
        } catch (InterruptedException e) {
            throw interrupted(request, e);
        }
        try {
            return answered(request);
        } catch (InterruptedException e) {
            throw interrupted(request, e);
        } finally {
            connections.release();
        }
    }

    /** The same; anything but success is a failure. */
    GcsAnswer done(GcsRequest request) {
        GcsAnswer answer = send(request);
        if (!answer.ok()) {
            throw failures.of(request, answer);
        }
        return answer;
    }

    private GcsAnswer answered(GcsRequest request) throws InterruptedException {
        long began = System.nanoTime();
        for (int tries = 1; ; tries++) {
            if (!request.allowed().getAsBoolean()) {
                throw new NotAllowedException();
            }
            boolean last = tries == TRIES || !patience.left();
            try {
                GcsAnswer answer = once(request, tries > 1);
                if (!answer.unavailable()) {
                    patience.answered();
                    return answer;
                }
                if (last) {
                    patience.inVain();
                    throw failures.inVain(request, answer, tries, since(began));
                }
            } catch (IOException | TimeoutException e) {
                if (last) {
                    patience.inVain();
                    throw failures.inVain(request, e, tries, since(began));
                }
            }
            if (closed.await(pause(tries), TimeUnit.MILLISECONDS)) {
                throw failures.closed(request);
            }
        }
    }

    private GcsAnswer once(GcsRequest request, boolean again)
            throws IOException, TimeoutException, InterruptedException {
        if (closed.getCount() == 0) {
            throw failures.closed(request);
        }
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(server + request.line()))
                .method(
                        request.method(),
                        request.body() == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(request.body()))
                .setHeader("User-Agent", userAgent);
        request.headers().forEach(builder::setHeader);
        try {
            token.headers().forEach((name, values) -> values.forEach(value -> builder.header(name, value)));
        } catch (IOException e) {
            if (GcsFailures.refused(e)) {
                throw failures.noCredentials(request, e);
            }
            throw e;
        }
        calls.sent(request.operation(), again);
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(builder.build(), BodyHandlers.ofByteArray());
        pending.add(answer);
        try {
            HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            Map<String, String> headers = new HashMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            return new GcsAnswer(response.statusCode(), headers, response.body());
        } catch (CancellationException e) {
            // By close().
            throw failures.closed(request);
        } catch (ExecutionException e) {
            if (closed.getCount() == 0) {
                throw failures.closed(request);
            }
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } finally {
            // Of one that has ended this does nothing.
            answer.cancel(true);
            pending.remove(answer);
        }
    }

    private StorageException interrupted(GcsRequest request, InterruptedException e) {
        Thread.currentThread().interrupt();
        return failures.interrupted(request, e);
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Twice as long each time, and then less by chance: clients that have failed together come one by one. */
    private static long pause(int tries) {
        long longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE << tries);
        return ThreadLocalRandom.current().nextLong(longest / 2, longest);
    }

    @Override
    public void close() {
        closed.countDown();
        pending.forEach(answer -> answer.cancel(true));
        http.shutdownNow();
    }
}
