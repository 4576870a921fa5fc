package dev.tidemark.enumerator.lead;

import java.time.Duration;

/**
 * Measures how long a run has made no progress. A gap between two looks counts only up to a limit: this process may
 * have been stopped or held up, and what moved meanwhile is not known.
 */
final class StallTimer {

    private final long longestGap;
    private Object seen;
    private long looked;
    private long still;

    /**
     * @param longestGap between two looks that counts as time between them
     */
    StallTimer(Duration longestGap) {
        this.longestGap = longestGap.toNanos();
    }

    /**
     * Takes note of the progress.
     *
     * @param nanoTime now, as {@link System#nanoTime}
     * @param state the progress, to be compared with the last one
     * @return how long it was seen unchanged
     */
    Duration look(long nanoTime, Object state) {
        still = state.equals(seen) ? still + Math.min(nanoTime - looked, longestGap) : 0;
        seen = state;
        looked = nanoTime;
        return Duration.ofNanos(still);
    }
}
