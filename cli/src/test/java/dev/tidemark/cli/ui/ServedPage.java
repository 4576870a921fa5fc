package dev.tidemark.cli.ui;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A page that is served, and somebody who asks it. */
public final class ServedPage implements AutoCloseable {

    public static final String TOKEN = "a-token-of-this-test";

    private final URI address;
    private final String token;
    private final Optional<UiServer> server;
    private final List<String> notes;
    private final HttpClient client = HttpClient.newHttpClient();

    private ServedPage(String address, String token, Optional<UiServer> server, List<String> notes) {
        this.address = URI.create(address);
        this.token = token;
        this.server = server;
        this.notes = notes;
    }

    private static ServedPage start(Place place, boolean readOnly, Commands commands) {
        List<String> notes = new ArrayList<>();
        try {
            UiServer server = UiServer.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    "127.0.0.1",
                    TOKEN,
                    place,
                    readOnly,
                    "0.2.0",
                    commands,
                    notes::add);
            return new ServedPage(server.address(), TOKEN, Optional.of(server), notes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static ServedPage of(Place place, Commands commands) {
        return start(place, false, commands);
    }

    static ServedPage readOnly(Place place, Commands commands) {
        return start(place, true, commands);
    }

    /** The page of another process, at the address that it has printed. */
    public static ServedPage at(String address) {
        String[] parts = address.split("#");
        return new ServedPage(parts[0], parts[1], Optional.empty(), List.of());
    }

    /** The lines that the process has said. */
    List<String> notes() {
        return notes;
    }

    public HttpResponse<String> get(String path) {
        return ask(request(path).header("Authorization", "Bearer " + token));
    }

    public HttpResponse<String> post(String path, String body) {
        return ask(request(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path));
    }

    HttpResponse<String> ask(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The first line of the answer to a request that no client would send. */
    String answerTo(String request) {
        try (var socket = new Socket("127.0.0.1", address.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(HttpResponse<String> answer) {
        try {
            return JsonSerde.MAPPER.readTree(answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(answer.body(), e);
        }
    }

    @Override
    public void close() {
        server.ifPresent(UiServer::close);
        client.close();
    }
}
