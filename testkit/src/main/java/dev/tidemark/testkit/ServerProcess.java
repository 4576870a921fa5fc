package dev.tidemark.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A server that a test has started from its binary. */
final class ServerProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofMinutes(5);

    private final Process process;

    private ServerProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts one, and waits until it answers.
     *
     * @param log the file that takes what the process says
     * @param answers may throw an UncheckedIOException as long as there is no connection
     * @throws IllegalStateException if it does not answer; its text has the log
     */
    static ServerProcess start(ProcessBuilder command, Path log, BooleanSupplier answers) {
        try {
            Process process = command.redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!started(process, answers)) {
                process.destroy();
                throw new IllegalStateException(
                        command.command().getFirst() + " did not start: " + Files.readString(log));
            }
            return new ServerProcess(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean started(Process process, BooleanSupplier answers) {
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        while (Instant.now().isBefore(deadline) && process.isAlive()) {
            try {
                if (answers.getAsBoolean()) {
                    return true;
                }
            } catch (UncheckedIOException notYet) {
                // It takes no connections yet.
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    /** Ends it at once, in whatever it does. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
