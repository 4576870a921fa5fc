package dev.tidemark.cli.ui;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Whose turn it is to run a command. One action at a time; one command at a time that uses the data directory, or, on a
 * cluster, the indexes of its runs: the locks of files hold between processes, not in one. The rest is done side by
 * side, as far as there are threads: some are left for what needs no command.
 */
final class Turns {

    private static final int AT_ONCE = 8;

    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Semaphore alone = new Semaphore(1);
    private final Semaphore acting = new Semaphore(1);
    private volatile boolean ended;

    /** Does something if not too much is being done already. */
    <T> Optional<T> ifFree(Supplier<T> work) {
        return attempt(free, work);
    }

    /** Does something if no action is under way. */
    <T> Optional<T> ifNoneActs(Supplier<T> work) {
        return attempt(acting, work);
    }

    private <T> Optional<T> attempt(Semaphore turn, Supplier<T> work) {
        if (!turn.tryAcquire()) {
            return Optional.empty();
        }
        try {
            // Asked once the turn is held: whoever ends this waits for all of them.
            return ended ? Optional.empty() : Optional.of(work.get());
        } finally {
            turn.release();
        }
    }

    boolean acting() {
        return acting.availablePermits() == 0;
    }

    /** Does something once nobody else does such a thing. */
    <T> T alone(Supplier<T> work) {
        alone.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            alone.release();
        }
    }

    /** Lets nothing more be done, and waits for what is being done. */
    void end(Duration atMost) {
        ended = true;
        try {
            free.tryAcquire(AT_ONCE, atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
