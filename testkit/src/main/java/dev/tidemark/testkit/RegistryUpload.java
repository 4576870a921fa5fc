package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** An upload that a client begins with the real registry, and may go on with later. */
public final class RegistryUpload {

    private final HttpClient http = HttpClient.newHttpClient();
    private final String id;
    private URI location;
    private long sent;

    private RegistryUpload(HttpResponse<Void> begun) {
        id = begun.headers().firstValue("Docker-Upload-UUID").orElseThrow();
        location = location(begun);
    }

    /** Begins one, with some bytes. */
    public static RegistryUpload begin(DockerRegistry registry, String repository, String bytes) {
        try (var http = HttpClient.newHttpClient()) {
            var upload = new RegistryUpload(send(
                    http,
                    HttpRequest.newBuilder(URI.create(
                                    "http://" + registry.address() + "/v2/" + repository + "/blobs/uploads/"))
                            .POST(BodyPublishers.noBody())));
            if (upload.append(bytes) != 202) {
                throw new IllegalStateException("the registry did not take the first bytes of " + upload.id);
            }
            return upload;
        }
    }

    public String id() {
        return id;
    }

    /** Sends more bytes. Returns the registry's answer: 202, if it took them. */
    public int append(String bytes) {
        byte[] body = bytes.getBytes(StandardCharsets.UTF_8);
        HttpResponse<Void> answer = send(
                http,
                HttpRequest.newBuilder(location)
                        .header("Content-Type", "application/octet-stream")
                        .header("Content-Range", sent + "-" + (sent + body.length - 1))
                        .method("PATCH", BodyPublishers.ofByteArray(body)));
        if (answer.statusCode() == 202) {
            location = location(answer);
            sent += body.length;
        }
        return answer.statusCode();
    }

    /** Finishes it. Returns the registry's answer: 201, if the blob is there. */
    public int finish(String digest) {
        return send(
                        http,
                        HttpRequest.newBuilder(URI.create(
                                        location + (location.getQuery() == null ? "?" : "&") + "digest=" + digest))
                                .PUT(BodyPublishers.noBody()))
                .statusCode();
    }

    private static URI location(HttpResponse<Void> answer) {
        return answer.uri().resolve(answer.headers().firstValue("Location").orElseThrow());
    }

    private static HttpResponse<Void> send(HttpClient http, HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
