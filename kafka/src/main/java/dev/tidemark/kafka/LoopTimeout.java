package dev.tidemark.kafka;

import java.time.Duration;

/**
 * The timeout of a loop, which counts only time in which this process ran: a stop of the process, or of the machine,
 * counts for one step at most. On a busy machine, where the loop seldom gets its turn, the timeout is longer. For one
 * thread.
 */
public final class LoopTimeout {

    /** A loop looks every tenth of a second or so. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(1);

    private final Duration limit;
    private long last = System.nanoTime();
    private long waited;

    public LoopTimeout(Duration limit) {
        this.limit = limit;
    }

    /** Whether the time is up. Called once in each step of the loop. */
    public boolean expired() {
        long now = System.nanoTime();
        waited += Math.min(now - last, LONGEST_STEP.toNanos());
        last = now;
        return waited > limit.toNanos();
    }

    /** Begins anew, since something has moved. */
    public void restart() {
        last = System.nanoTime();
        waited = 0;
    }
}
