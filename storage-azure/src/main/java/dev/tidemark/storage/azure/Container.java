package dev.tidemark.storage.azure;

import com.azure.core.http.HttpClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobProperties;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Patience;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.storage.objects.ConnectionFailure;
import dev.tidemark.storage.objects.NotThereException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Sends requests to a container and waits for their answers, of as many at once as there may be connections. The SDK
 * tries each again by itself.
 */
final class Container implements AutoCloseable {

    private final BlobContainerClient patient;
    private final BlobContainerClient once;
    private final AzureFailures failures;
    private final Patience patience = new Patience();
    private final Semaphore connections = new Semaphore(AzureClient.CONNECTIONS);

    /** Those that wait for an answer. */
    private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /** @param limits of each try of a request */
    Container(StorageSettings.Azure settings, AzureClient.Limits limits, Calls calls) {
        HttpClient http = AzureClient.http(settings, limits);
        patient = AzureClient.of(settings, http, AzureClient.TRIES, calls);
        once = AzureClient.of(settings, http, 1, calls);
        failures = new AzureFailures(settings);
    }

    AzureFailures failures() {
        return failures;
    }

    /**
     * @throws NotThereException if there is no such blob to read or to look at
     * @throws StorageException if there is no answer, however often it was asked for
     */
    <T> T answer(String verb, String path, Function<BlobContainerClient, T> request) {
        try {
            connections.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted(verb, path, e);
        }
        long began = System.nanoTime();
        int tries = patience.left() ? AzureClient.TRIES : 1;
        waiting.add(Thread.currentThread());
        try {
            requireOpen(verb, path, null);
            T answer = request.apply(tries == 1 ? once : patient);
            patience.answered();
            return answer;
        } catch (StorageException e) {
            throw e;
        } catch (RuntimeException e) {
            waiting.remove(Thread.currentThread());
            requireOpen(verb, path, e);
            if (ConnectionFailure.find(InterruptedException.class, e) instanceof InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw failures.interrupted(verb, path, interrupted);
            }
            if (AzureFailures.unanswered(e)) {
                patience.inVain();
            }
            throw failures.of(verb, path, e, tries, Duration.ofNanos(System.nanoTime() - began));
        } finally {
            waiting.remove(Thread.currentThread());
            connections.release();
        }
    }

    /** What a blob is; empty if there is none. */
    Optional<BlobProperties> properties(String path, String key) {
        try {
            return Optional.of(
                    answer("look at", path, client -> client.getBlobClient(key).getProperties()));
        } catch (NotThereException e) {
            return Optional.empty();
        }
    }

    /** A blob's address, by which a copy names what it is of. */
    String url(String key) {
        return patient.getBlobClient(key).getBlobUrl();
    }

    /** Waits before something is looked at again. */
    void pause(String verb, String path, Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failures.interrupted(verb, path, e);
        }
    }

    private void requireOpen(String verb, String path, RuntimeException e) {
        if (closed) {
            // By close: nobody else has interrupted it.
            Thread.interrupted();
            throw failures.closed(verb, path, e);
        }
    }

    @Override
    public void close() {
        closed = true;
        waiting.forEach(Thread::interrupt);
    }
}
