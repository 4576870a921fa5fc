package dev.tidemark.kafka.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The time by both of a process's clocks, for ages that a suspended machine must not hide: the monotonic clock stands
 * still meanwhile, and the wall clock can be set.
 *
 * @param nanoTime as {@link System#nanoTime}
 * @param millis as {@link System#currentTimeMillis}
 */
public record ClockReading(long nanoTime, long millis) {

    public static ClockReading now() {
        return new ClockReading(System.nanoTime(), System.currentTimeMillis());
    }

    /** The time since an earlier reading, by the clock that says more. */
    public Duration since(ClockReading earlier) {
        return Duration.ofNanos(
                Math.max(nanoTime - earlier.nanoTime, TimeUnit.MILLISECONDS.toNanos(millis - earlier.millis)));
    }
}
