package dev.tidemark.kafka;

import java.time.Duration;

/**
 * How long a loop waits for something, in time that this process ran: a stop of the process, or of the machine, costs a step of it at most, and
 * a machine that is so busy that the loop is seldom at its turn costs less. For one thread.
 */
public final class WaitingTime {

  /** A loop looks every tenth of a second or so. */
  private static final Duration LONGEST_STEP = Duration.ofSeconds(1);

  private final Duration limit;
  private long last = System.nanoTime();
  private long waited;

  public WaitingTime(Duration limit) {
    this.limit = limit;
  }

  /** Looks at the clock, and says whether the time is up. */
  public boolean exhausted() {
    long now = System.nanoTime();
    waited += Math.min(now - last, LONGEST_STEP.toNanos());
    last = now;
    return waited > limit.toNanos();
  }

  /** Begins anew: there was headway. */
  public void restore() {
    last = System.nanoTime();
    waited = 0;
  }
}
