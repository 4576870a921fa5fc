package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Processes of their own, that a test can kill, stop and let go on. */
public final class Processes {

    /** On a machine that has a tenth of the speed, and other tests to run beside. */
    public static final Duration LONGEST = Duration.ofMinutes(40);

    private Processes() {}

    /** Starts a Java class with this test's class path; what it prints is appended to the file. */
    public static Process java(
            String heap, Class<?> main, Path output, Map<String, String> environment, String... arguments) {
        return java(heap, main.getName(), output, environment, arguments);
    }

    public static Process java(
            String heap, String main, Path output, Map<String, String> environment, String... arguments) {
        List<String> command = javaCommand(main);
        command.add(1, "-Xmx" + heap);
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        try {
            return endedWithThis(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The start of a command line: a process that lives for seconds spends less on what it runs than a better compiler
     * would on making that faster, and a quarter of it on loading classes that are not in an archive.
     */
    public static List<String> javaCommand(String main) {
        return ClassArchive.ofThisBuild().java(main);
    }

    /** A test that is interrupted leaves no process behind. */
    public static Process endedWithThis(Process process) {
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return process;
    }

    /** Sends a signal: STOP, CONT, KILL, TERM. */
    public static void signal(Process process, String name) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static void kill(Process process) {
        process.destroyForcibly();
        awaitEnd(process);
    }

    public static void awaitEnd(Process process) {
        try {
            assertThat(process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Asks again and again, and leaves the machine to what is waited for: the pauses are ten times as long as the
     * asking takes.
     */
    public static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        long asked = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("waited " + LONGEST.toSeconds() + " s: " + what)
                    .isLessThan(deadline);
            long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
            pause(Math.clamp(10 * took, 5, 500));
            asked = System.nanoTime();
        }
    }

    /** Lets time pass: the moment of a fault is what is left to chance. */
    public static void pause(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static String tail(Path output) {
        try {
            List<String> lines = Files.exists(output) ? Files.readAllLines(output) : List.of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
