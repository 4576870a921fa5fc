package dev.tidemark.storage;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells whether it is worth while to try a call again. A storage that has not answered for a while is asked once only,
 * until it answers: to wait for each of a million calls would never end.
 */
public final class Patience {

    /** Calls in a row that all tries of were in vain, from which on no call is tried again. */
    private static final int CALLS = 10;

    private final AtomicInteger inVain = new AtomicInteger();

    public boolean left() {
        return inVain.get() < CALLS;
    }

    public void answered() {
        if (inVain.get() != 0) {
            inVain.set(0);
        }
    }

    /** All tries of a call were in vain. */
    public void inVain() {
        inVain.incrementAndGet();
    }
}
