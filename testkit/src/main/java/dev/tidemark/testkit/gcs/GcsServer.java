package dev.tidemark.testkit.gcs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.testkit.Certificate;
import dev.tidemark.testkit.FaultyProxy;
import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A fake of Google Cloud Storage's JSON API on a directory, and before it a {@link FaultyProxy}. Each directory in it
 * is a bucket, each file an object, which a test may write as well.
 *
 * <p>It does what Tidemark and the registry's own driver ask for: listings with their pages, looks, reads with a range,
 * uploads of all three types, deletions, rewrites in several calls, batches, generations and their preconditions,
 * tokens of a service account's key; and the reads of the XML API. It refuses anything else with 501, as far as it can
 * tell.
 *
 * <p>It does not:
 *
 * <ul>
 *   <li>check a signature, or what an account may do: a token that it has given is good for all, and so is none
 *       unless {@link #requireTokens} says otherwise
 *   <li>keep what was deleted or replaced: neither versions nor soft deletion, nor holds and retention
 *   <li>know storage classes, encryption, the metadata of buckets, notifications, quotas
 *   <li>say CRC32C checksums, ETags, or the times of changed metadata; what it is asked for with {@code fields} it
 *       answers whole
 *   <li>remember the content types, metadata and generations of objects once it has ended
 *   <li>have an object under another one's name: {@code a} beside {@code a/b}
 *   <li>lose its way between requests, as a distributed service may: a request is done before the next one
 * </ul>
 */
public final class GcsServer implements AutoCloseable {

    private static final String TOKEN = "token-";

    private final Path directory;
    private final GcsApi api;
    private final HttpServer server;
    private final FaultyProxy proxy;
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final AtomicInteger issued = new AtomicInteger();
    private volatile boolean tokensRequired;

    private GcsServer(Path directory) {
        this.directory = directory;
        api = new GcsApi(new GcsFiles(directory));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::handle);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            proxy = new FaultyProxy(server.getAddress().getPort(), null, new GcsProtocol());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a server with the buckets that the directory holds. */
    public static GcsServer on(Path directory) {
        return new GcsServer(directory);
    }

    /** Makes a bucket; its files are its objects. */
    public Path bucket(String name) {
        try {
            return Files.createDirectories(directory.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code STORAGE_EMULATOR_HOST} has it. */
    public String endpoint() {
        return proxy.url();
    }

    /**
     * Starts a second door, by which clients reach it that speak to Google's own hosts: a proxy for their TLS.
     *
     * @param certificate for those hosts
     */
    public Tunnel tunnel(Certificate certificate) {
        try {
            return new Tunnel(new FaultyProxy(server.getAddress().getPort(), certificate, new GcsProtocol()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Answers nobody any more who has no token, or an old one. */
    public void requireTokens() {
        tokensRequired = true;
    }

    /** No token that was given so far is good any more, as of an account whose key was taken away. */
    public void expireTokens() {
        tokens.clear();
        tokensRequired = true;
    }

    /** Copies no more than this in one call of a rewrite. */
    public void rewriteInSteps(long bytes) {
        api.rewriteInSteps(bytes);
    }

    /** The JSON of a service account's key, whose tokens this server gives. */
    public String serviceAccount() {
        try {
            var keys = KeyPairGenerator.getInstance("RSA");
            keys.initialize(2048);
            String key = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8))
                    .encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
            return """
                {"type": "service_account", "project_id": "test", "private_key_id": "1",
                 "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
                 "client_email": "tidemark@test.iam.gserviceaccount.com", "client_id": "1",
                 "token_uri": "%s/token"}
                """.formatted(key.replace("\n", "\\n"), endpoint());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The storage section of a registry's config.yml. */
    public String storage(String bucket, String rootDirectory, Path keyFile) {
        return """
          gcs:
            bucket: %s
            rootdirectory: %s
            keyfile: %s
          redirect: {disable: true}
        """.formatted(bucket, rootDirectory, keyFile);
    }

    /** Sets the faults of the server from now on. */
    public void faults(Function<Request, Optional<Answer>> faults) {
        proxy.faults(faults);
    }

    /** How many requests came, by operation: {@code objects.list}, {@code batch}, … */
    public Map<String, Long> requests() {
        return proxy.requests();
    }

    public void forgetRequests() {
        proxy.forgetRequests();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
        GcsResponse response = answer(ReceivedRequest.of(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body));
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean none = response.body().length == 0;
        exchange.sendResponseHeaders(response.status(), none ? -1 : response.body().length);
        if (!none && !exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(response.body());
        }
        exchange.close();
    }

    private GcsResponse answer(ReceivedRequest request) {
        try {
            if (request.isFor("POST", "token")) {
                return token(request);
            }
            String authorization = request.header("authorization").replaceFirst("^Bearer ", "");
            if (authorization.isEmpty() ? tokensRequired : !tokens.contains(authorization)) {
                return GcsResponse.error(401, "authError", "Invalid Credentials");
            }
            return api.answer(request);
        } catch (RuntimeException e) {
            return GcsResponse.error(500, "backendError", "the fake fails: " + e);
        }
    }

    private GcsResponse token(ReceivedRequest request) {
        if (!new String(request.body(), StandardCharsets.UTF_8).contains("assertion=")) {
            return GcsResponse.json(400, Map.of("error", "invalid_grant"));
        }
        String token = TOKEN + issued.incrementAndGet();
        tokens.add(token);
        return GcsResponse.json(200, Map.of("access_token", token, "expires_in", 3600, "token_type", "Bearer"));
    }

    @Override
    public void close() {
        proxy.close();
        server.stop(0);
    }
}
