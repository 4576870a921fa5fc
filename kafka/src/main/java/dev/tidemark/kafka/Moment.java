package dev.tidemark.kafka;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A moment, by both of a process's clocks: the one that nobody sets stands still while the machine is suspended.
 *
 * @param nanoTime as {@link System#nanoTime}
 * @param millis as {@link System#currentTimeMillis}
 */
public record Moment(long nanoTime, long millis) {

  public static Moment now() {
    return new Moment(System.nanoTime(), System.currentTimeMillis());
  }

  /** The time since an earlier one, by the clock that says more. */
  public Duration since(Moment earlier) {
    return Duration.ofNanos(Math.max(nanoTime - earlier.nanoTime, TimeUnit.MILLISECONDS.toNanos(millis - earlier.millis)));
  }
}
