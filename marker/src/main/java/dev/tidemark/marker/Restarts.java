package dev.tidemark.marker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** A limit on restarts: some within a while. Trouble that passes is no reason to give up, however often it comes. */
final class Restarts {

    private final int most;
    private final Duration within;
    private final LongSupplier nanoTime;
    private final Deque<Long> times = new ArrayDeque<>();

    /**
     * @param nanoTime as {@link System#nanoTime}
     */
    Restarts(int most, Duration within, LongSupplier nanoTime) {
        this.most = most;
        this.within = within;
        this.nanoTime = nanoTime;
    }

    /** Whether it may be started once more, and counts it if so. */
    synchronized boolean another() {
        long now = nanoTime.getAsLong();
        while (!times.isEmpty() && now - times.getFirst() > within.toNanos()) {
            times.removeFirst();
        }
        boolean another = times.size() < most;
        if (another) {
            times.addLast(now);
        }
        return another;
    }
}
