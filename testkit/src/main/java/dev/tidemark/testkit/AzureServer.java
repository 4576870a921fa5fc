package dev.tidemark.testkit;

import dev.tidemark.testkit.FaultyProxy.Answer;
import dev.tidemark.testkit.FaultyProxy.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Azure's blobs by Microsoft's own emulator, run from its binary {@code azurite-blob} (npm), and before it a
 * {@link FaultyProxy}. It keeps nothing on disk.
 */
public final class AzureServer implements AutoCloseable {

    /** The account that the emulator has, and its key, as its documentation says. */
    public static final String ACCOUNT = "devstoreaccount1";

    public static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static final String BINARY = "azurite-blob";

    private final ServerProcess process;
    private final int port;
    private final FaultyProxy proxy;

    private AzureServer(ServerProcess process, int port, FaultyProxy proxy) {
        this.process = process;
        this.port = port;
        this.proxy = proxy;
    }

    public static boolean installed() {
        return DockerRegistry.onPath(BINARY);
    }

    /** @param directory for its log */
    public static AzureServer start(Path directory) {
        return start(directory, null);
    }

    /** One that speaks TLS, with a certificate. */
    public static AzureServer start(Path directory, Certificate certificate) {
        int port = FreePorts.of(1).getFirst();
        Path log = directory.resolve("azurite-" + port + ".log");
        var command = new ProcessBuilder(
                        BINARY,
                        "--blobPort",
                        Integer.toString(port),
                        "--inMemoryPersistence",
                        "--disableTelemetry",
                        // Clients keep a connection for longer than it does by itself.
                        "--blobKeepAliveTimeout",
                        "600",
                        "--skipApiVersionCheck")
                .directory(directory.toFile());
        var process = ServerProcess.start(command, log, () -> listens(port));
        try {
            return new AzureServer(process, port, new FaultyProxy(port, certificate, new AzureProtocol()));
        } catch (IOException e) {
            process.close();
            throw new UncheckedIOException(e);
        }
    }

    private static boolean listens(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The address of the account's blobs. */
    public String url() {
        return proxy.url() + "/" + ACCOUNT;
    }

    /** The same, past the proxy: what is asked there is not counted. */
    public String directUrl() {
        return "http://127.0.0.1:" + port + "/" + ACCOUNT;
    }

    /** The storage section of a config.yml of version 3. */
    public String storage(String container, String rootDirectory) {
        return """
          azure:
            accountname: %s
            accountkey: %s
            container: %s
            serviceurl: %s
            rootdirectory: %s
            credentials: {type: shared_key}
        """.formatted(ACCOUNT, KEY, container, url(), rootDirectory);
    }

    /** Sets the faults of the server from now on. */
    public void faults(Function<Request, Optional<Answer>> faults) {
        proxy.faults(faults);
    }

    /** How many requests came, by operation. */
    public Map<String, Long> requests() {
        return proxy.requests();
    }

    public void forgetRequests() {
        proxy.forgetRequests();
    }

    @Override
    public void close() {
        proxy.close();
        process.close();
    }
}
