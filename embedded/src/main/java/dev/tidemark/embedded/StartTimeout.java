package dev.tidemark.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends a start of Kafka that hangs, however slow a start may be: in ten minutes in which this process ran, it must have
 * used its processor.
 */
final class StartTimeout {

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Duration LEAST_CPU = Duration.ofSeconds(3);

    /** A process that is not seen running for longer was stopped, or suspended. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(5);

    private final long start = System.nanoTime();
    private long last = start;
    private long waited;
    private Optional<Duration> cpu = cpu();

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /**
     * Looks whether the start goes on; called every second.
     *
     * @throws EmbeddedKafkaException if this process ran for ten minutes, and did next to nothing
     */
    void check(Path directory) {
        long now = System.nanoTime();
        waited += Math.min(now - last, LONGEST_STEP.toNanos());
        last = now;
        if (waited < WINDOW.toNanos()) {
            return;
        }
        Optional<Duration> used = cpu();
        if (used.isPresent() && cpu.isPresent() && used.get().minus(cpu.get()).compareTo(LEAST_CPU) < 0) {
            throw new EmbeddedKafkaException("Kafka does not start on " + directory + ": nothing has moved for "
                    + WINDOW.toMinutes() + " minutes. Try again; nothing is lost.");
        }
        waited = 0;
        cpu = used;
    }

    private static Optional<Duration> cpu() {
        return ProcessHandle.current().info().totalCpuDuration();
    }
}
