package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real Redis, run from its binary: Debian's {@code redis-server}. It keeps nothing on disk. */
public final class RedisServer implements AutoCloseable {

    private static final String BINARY = "redis-server";
    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

    private final Process process;
    private final int port;
    private final String password;

    private RedisServer(Process process, int port, String password) {
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
        try {
            List<String> command = new ArrayList<>(
                    List.of(BINARY, "--port", "" + port, "--bind", "127.0.0.1", "--dir", directory.toString()));
            command.addAll(List.of("--requirepass", password, "--save", ""));
            command.addAll(List.of(options));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            var redis = new RedisServer(process, port, password);
            redis.awaitStart(log);
            return redis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitStart(Path log) throws IOException {
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        while (Instant.now().isBefore(deadline) && process.isAlive()) {
            try {
                if (command("PING").startsWith("+PONG")) {
                    return;
                }
            } catch (UncheckedIOException notYet) {
                // It does not listen yet.
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new IllegalStateException("redis-server did not start: " + Files.readString(log));
    }

    /** The answer to a command, as Redis writes it. */
    public String command(String command) {
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
        process.destroy();
        process.onExit().join();
    }
}
