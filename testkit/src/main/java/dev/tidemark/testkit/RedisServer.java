package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real Redis, run from its binary: Debian's {@code redis-server}. It keeps nothing on disk. */
public final class RedisServer implements AutoCloseable {

    private static final String BINARY = "redis-server";

    private final ServerProcess process;
    private final int port;
    private final String password;

    private RedisServer(ServerProcess process, int port, String password) {
        this.process = process;
        this.port = port;
        this.password = password;
    }

    public static boolean installed() {
        return DockerRegistry.onPath(BINARY);
    }

    /**
     * Starts one that wants this password.
     *
     * @param options more of its options
     */
    public static RedisServer start(Path directory, String password, String... options) {
        int port = FreePorts.of(1).getFirst();
        Path log = directory.resolve("redis-" + port + ".log");
        List<String> command = new ArrayList<>(
                List.of(BINARY, "--port", "" + port, "--bind", "127.0.0.1", "--dir", directory.toString()));
        command.addAll(List.of("--requirepass", password, "--save", ""));
        command.addAll(List.of(options));
        var process = ServerProcess.start(
                new ProcessBuilder(command),
                log,
                () -> answer(port, password, "PING").startsWith("+PONG"));
        return new RedisServer(process, port, password);
    }

    /** The answer to a command, as Redis writes it. */
    public String command(String command) {
        return answer(port, password, command);
    }

    private static String answer(int port, String password, String command) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            for (String each : List.of("AUTH " + password, command, "QUIT")) {
                socket.getOutputStream().write((each + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String after = answers.substring(answers.indexOf("\r\n") + 2);
            return after.substring(0, Math.max(0, after.lastIndexOf("+OK"))).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code 127.0.0.1:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.close();
    }
}
