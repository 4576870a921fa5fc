package dev.tidemark.storage.s3;

import dev.tidemark.storage.Patience;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.objects.NotThereException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Sends requests to S3 and waits for their answers, of as many at once as there may be connections. The SDK tries each
 * again by itself.
 */
final class Requests implements AutoCloseable {

    private final S3AsyncClient client;
    private final S3Failures failures;
    private final Patience patience;
    private final Semaphore connections = new Semaphore(S3Client.CONNECTIONS);

    /** Requests under way. The SDK goes on with them when it is closed, until a try has taken as long as one may. */
    private final Set<CompletableFuture<?>> pending = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * @param patience of the client
     */
    Requests(S3AsyncClient client, S3Failures failures, Patience patience) {
        this.client = client;
        this.failures = failures;
        this.patience = patience;
    }

    /**
     * @throws NotThereException if there is no such key to read or to look at
     * @throws StorageException if there is no answer, however often it was asked for
     */
    <T> T answer(String verb, String path, Function<S3AsyncClient, CompletableFuture<T>> request) {
        try {
            connections.acquire();
        } catch (InterruptedException e) {
            throw interrupted(verb, path, e);
        }
        long began = System.nanoTime();
        try {
            T answer = awaited(verb, path, request.apply(client));
            patience.answered();
            return answer;
        } catch (StorageException e) {
            throw e;
        } catch (RuntimeException e) {
            if (closed) {
                // Whichever part of the SDK was the first to say so: in its own words they are hard to understand.
                throw failures.closed(verb, path, e);
            }
            if (S3Failures.unanswered(e)) {
                patience.inVain();
            }
            throw failures.of(verb, path, e, Duration.ofNanos(System.nanoTime() - began));
        } finally {
            connections.release();
        }
    }

    /**
     * Opens an object's content; empty if it is not there.
     *
     * @param version null for the current one
     */
    Optional<InputStream> open(String path, String bucket, String key, String version) {
        try {
            return Optional.of(new ObjectStream(
                    path,
                    answer(
                            "read",
                            path,
                            s3 -> s3.getObject(
                                    request -> request.bucket(bucket).key(key).versionId(version),
                                    AsyncResponseTransformer.toBlockingInputStream())),
                    failures));
        } catch (NotThereException e) {
            return Optional.empty();
        }
    }

    private <T> T awaited(String verb, String path, CompletableFuture<T> answer) {
        pending.add(answer);
        try {
            if (closed) {
                // Closed between the question and now: nobody else cancels it.
                answer.cancel(true);
            }
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw interrupted(verb, path, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e.getCause());
        } finally {
            pending.remove(answer);
        }
    }

    private StorageException interrupted(String verb, String path, InterruptedException e) {
        Thread.currentThread().interrupt();
        return failures.interrupted(verb, path, e);
    }

    @Override
    public void close() {
        closed = true;
        pending.forEach(answer -> answer.cancel(true));
        client.close();
    }
}
