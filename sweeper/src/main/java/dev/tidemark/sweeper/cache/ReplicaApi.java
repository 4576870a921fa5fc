package dev.tidemark.sweeper.cache;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.text.Causes;
import dev.tidemark.sweeper.cache.Replicas.Replica;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/**
 * The API of one replica of a registry. A {@code DELETE} of a blob clears the entry that says that a repository has it,
 * whether its link is there or not. A manifest's entry is the same one in version 3; version 2.8 keeps none.
 *
 * @see <a href="https://github.com/distribution/distribution/blob/v3.1.1/registry/storage/linkedblobstore.go">
 *     linkedblobstore.go: {@code Delete}, {@code Clear}</a>
 */
final class ReplicaApi implements AutoCloseable {

    private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    /** No file has this digest. */
    private static final Digest NOTHING = Digest.parse("sha256:" + "0".repeat(64));

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final URI url;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LONGEST_CONNECT)
            .build();
    private final BearerTokens tokens;

    /** An upload that has been begun, and where to end it. */
    record Upload(String id, URI location) {}

    ReplicaApi(Replica replica) {
        url = replica.url();
        tokens = new BearerTokens(http, replica.credentials(), LONGEST_ANSWER);
    }

    /**
     * Asks for a deletion of nothing.
     *
     * @throws CacheException if it is refused
     */
    void requireDeletes(String repository) {
        forget(repository, NOTHING);
    }

    /**
     * Makes it forget that a repository has a blob. A link that is there goes, too.
     *
     * @throws CacheException if it may still remember
     */
    void forget(String repository, Digest digest) {
        URI blob = URI.create(url + "/v2/" + repository + "/blobs/" + digest);
        call(() -> {
            int status = answer("DELETE", repository, blob).statusCode();
            if (status == 500) {
                // Version 3 says so when the entry is gone now, and the link was gone before.
                status = answer("DELETE", repository, blob).statusCode();
            }
            if (status != 202 && status != 404) {
                throw refused("DELETE", status);
            }
        });
    }

    /**
     * Begins an upload.
     *
     * @throws CacheException if that can't be done
     */
    Upload begin(String repository) {
        var upload = new AtomicReference<Upload>();
        URI uploads = URI.create(url + "/v2/" + repository + "/blobs/uploads/");
        call(() -> {
            HttpResponse<Void> answer = answer("POST", repository, uploads);
            String id = answer.headers().firstValue("Docker-Upload-UUID").orElse("");
            if (answer.statusCode() != 202 || !UUID.matcher(id).matches()) {
                throw refused("POST", answer.statusCode());
            }
            upload.set(new Upload(
                    id, uploads.resolve(answer.headers().firstValue("Location").orElse(id))));
        });
        return upload.get();
    }

    /** Ends an upload without a blob, at this replica, whatever name it gives itself. */
    void cancel(String repository, Upload upload) {
        String query = upload.location().getRawQuery();
        URI here = url.resolve(upload.location().getRawPath() + (query == null ? "" : "?" + query));
        call(() -> {
            int status = answer("DELETE", repository, here).statusCode();
            if (status != 204 && status != 404) {
                throw refused("DELETE", status);
            }
        });
    }

    private void call(Runnable call) {
        Tries.call(call, UncheckedIOException.class, this::failure);
    }

    private HttpResponse<Void> answer(String method, String repository, URI uri) {
        String what = method + " " + repository;
        try {
            HttpResponse<Void> response =
                    send(method, uri, tokens.authorization(what).orElse(""));
            if (response.statusCode() == 401) {
                String token = tokens.answer(what, response).orElse("");
                if (!token.isEmpty()) {
                    response = send(method, uri, token);
                }
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(e);
        }
    }

    private HttpResponse<Void> send(String method, URI uri, String authorization)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(LONGEST_ANSWER).method(method, BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), BodyHandlers.discarding());
    }

    /** The exception for an answer that is none of those that are awaited. */
    private RuntimeException refused(String method, int status) {
        return switch (status) {
            case 401, 403 ->
                new CacheException(
                        ("%s answers %d to %s: give it credentials (--registry-auth) of a user who may pull, push and "
                                        + "delete in every repository")
                                .formatted(this, status, method),
                        null);
            case 405 ->
                new CacheException(
                        this + " answers 405 to " + method + ": it has to have storage.delete.enabled: true in its "
                                + "config.yml, and not to be read-only",
                        null);
            default ->
                status == 429 || status >= 500
                        ? new UncheckedIOException(new IOException("it answers " + status))
                        : new CacheException(
                                this + " answers " + status + " to " + method + ": no registry does at its own address",
                                null);
        };
    }

    private CacheException failure(Exception why) {
        return new CacheException(this + " can't be told what is gone: " + Causes.last(why), why);
    }

    @Override
    public String toString() {
        return "the registry's replica at " + url;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
