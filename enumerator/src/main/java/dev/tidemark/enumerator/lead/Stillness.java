package dev.tidemark.enumerator.lead;

import java.time.Duration;

/**
 * How long nothing has changed. Only time that somebody looks at counts: of a process that was stopped, or held up, nobody knows what
 * has moved.
 */
final class Stillness {

  private final long longestGap;
  private Object seen;
  private long looked;
  private long still;

  /**
   * @param longestGap between two looks that counts as time between them
   */
  Stillness(Duration longestGap) {
    this.longestGap = longestGap.toNanos();
  }

  /**
   * Looks.
   *
   * @param nanoTime now, as {@link System#nanoTime}
   * @param state what may have changed
   * @return how long it was seen to be so
   */
  Duration look(long nanoTime, Object state) {
    still = state.equals(seen) ? still + Math.min(nanoTime - looked, longestGap) : 0;
    seen = state;
    looked = nanoTime;
    return Duration.ofNanos(still);
  }
}
