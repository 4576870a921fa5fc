package dev.tidemark.cli.ui;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.tidemark.report.ui.UiFiles;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.service.http.BoundedHttpServer;
import dev.tidemark.service.http.HttpAnswer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the page and its API by HTTP. */
public final class UiServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UiServer.class);
    private static final int MAX_BYTES = 1 << 20;

    /** As long as a command takes that brings much back, or builds the index of a large run. */
    private static final Duration LONGEST_ANSWER = Duration.ofHours(1);

    /** The end of the process waits so long for commands. */
    private static final Duration LAST_COMMANDS = Duration.ofSeconds(10);

    private static final String API = "/api/";

    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "Referrer-Policy",
            "no-referrer");

    private final Access access;
    private final Api api;
    private final Turns turns;
    private final Consumer<String> note;
    private final BoundedHttpServer server;
    private final String address;
    private final CountDownLatch closed = new CountDownLatch(1);

    private UiServer(
            BoundedHttpServer server, String address, Access access, Api api, Turns turns, Consumer<String> note) {
        this.server = server;
        this.address = address;
        this.access = access;
        this.api = api;
        this.turns = turns;
        this.note = note;
    }

    /**
     * Starts it.
     *
     * @param host as the user wrote the address that is listened on
     * @param token that every request under {@code /api/} has to have
     * @param note told in a line what the process has to say
     * @throws IOException if the address can't be listened on
     */
    public static UiServer start(
            InetSocketAddress at,
            String host,
            String token,
            Place place,
            boolean readOnly,
            String version,
            Commands commands,
            Consumer<String> note)
            throws IOException {
        var turns = new Turns();
        var reading = new Reading(place, commands, turns, InstantSource.system());
        var api = new Api(
                place, Api.State.of(place, readOnly, version), reading, new Acting(place, commands, turns, note));
        var http = new BoundedHttpServer(at, LONGEST_ANSWER);
        var server = new UiServer(
                http,
                "http://" + Access.inAddress(host) + ":" + http.port() + "/",
                Access.of(token, at.getAddress(), host),
                api,
                turns,
                note);
        http.handle("/", server::answer);
        http.start();
        return server;
    }

    /** The address of the page. */
    public String address() {
        return address;
    }

    private void answer(HttpExchange exchange) throws IOException {
        // Of a Kafka that has stopped by itself, in an earlier answer of this thread.
        Thread.interrupted();
        try (exchange) {
            HEADERS.forEach(exchange.getResponseHeaders()::set);
            answered(exchange).to(exchange);
        }
    }

    private HttpAnswer answered(HttpExchange exchange) throws IOException {
        try {
            if (!access.knowsHost(exchange)) {
                return Answers.refused(
                        Answers.OTHER_HOST, "this is no address of the page: use the one it was started with");
            }
            String path = exchange.getRequestURI().getPath();
            return path.startsWith(API) ? api(exchange, path).with("Cache-Control", "no-store") : file(exchange, path);
        } catch (RuntimeException e) {
            LOG.error("an answer failed", e);
            note.accept("an answer failed: " + e);
            return Answers.refused(Answers.BROKEN, "the answer failed: " + e);
        }
    }

    private static HttpAnswer file(HttpExchange exchange, String path) {
        if (!reads(exchange)) {
            return notAllowed("GET, HEAD");
        }
        return UiFiles.file(path)
                .map(file -> HttpAnswer.of(Answers.OK, file.contentType(), file.bytes())
                        .with("Cache-Control", "no-cache"))
                .orElseGet(() -> Answers.refused(Answers.NOT_THERE, "there is no such page"));
    }

    private static boolean reads(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET")
                || exchange.getRequestMethod().equals("HEAD");
    }

    private static HttpAnswer notAllowed(String allowed) {
        return Answers.refused(Answers.NO_SUCH_METHOD, "only " + allowed).with("Allow", allowed);
    }

    private HttpAnswer api(HttpExchange exchange, String path) throws IOException {
        if (!access.hasToken(exchange)) {
            return Answers.refused(Answers.NO_TOKEN, "the token is missing, or another one")
                    .with("WWW-Authenticate", "Bearer realm=\"tidemark\"");
        }
        Optional<Api.Address> found = api.at(path);
        if (found.isEmpty()) {
            return Answers.refused(Answers.NOT_THERE, "there is nothing at " + path);
        }
        Api.Address address = found.get();
        if (reads(exchange)) {
            if (address.read() == null) {
                return notAllowed("POST");
            }
            Map<String, String> query = query(exchange);
            if (!address.runs()) {
                return address.read().apply(query);
            }
            return turns.ifFree(() -> address.read().apply(query)).orElseGet(UiServer::tooMany);
        }
        if (!exchange.getRequestMethod().equals("POST") || address.act() == null) {
            return notAllowed(
                    address.act() == null ? "GET, HEAD" : address.read() == null ? "POST" : "GET, HEAD, POST");
        }
        return act(exchange, address);
    }

    private HttpAnswer act(HttpExchange exchange, Api.Address address) throws IOException {
        if (api.readOnly()) {
            return Answers.refused(Answers.FORBIDDEN, "this page is for looking only: it was started with --read-only");
        }
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                .orElse("");
        if (!type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json")) {
            return Answers.refused(Answers.NO_JSON, "send application/json");
        }
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            return Answers.refused(Answers.TOO_LARGE, "send no more than a megabyte");
        }
        JsonNode json;
        try {
            json = JsonSerde.MAPPER.readTree(body);
        } catch (IOException e) {
            return Answers.refused(Answers.MISUSE, "the body is no JSON");
        }
        return json.isObject()
                ? turns.ifFree(() -> address.act().apply(json)).orElseGet(UiServer::tooMany)
                : Answers.refused(Answers.MISUSE, "send an object, as {}");
    }

    private static HttpAnswer tooMany() {
        return Answers.refused(Answers.TOO_MANY, "too much is being asked at once: ask again");
    }

    /** The parameters of a request; of one that is there twice, the first. */
    private static Map<String, String> query(HttpExchange exchange) {
        var parameters = new HashMap<String, String>();
        for (String parameter : Optional.ofNullable(exchange.getRequestURI().getRawQuery())
                .orElse("")
                .split("&")) {
            String[] parts = parameter.split("=", 2);
            parameters.putIfAbsent(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
        }
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** Waits until it is closed. */
    public void awaitClosed() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Commands that are under way come to their end, if they do within seconds. */
    @Override
    public void close() {
        if (closed.getCount() == 0) {
            return;
        }
        turns.end(LAST_COMMANDS);
        server.close();
        closed.countDown();
    }
}
