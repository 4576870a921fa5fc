package dev.tidemark.storage.objects;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * What a request asks before each try, and so knows how often it was sent: a later one may find what an earlier one has
 * done, if only the answer to that was lost.
 */
public final class RequestTries implements BooleanSupplier {

    private final BooleanSupplier allowed;
    private final AtomicInteger count = new AtomicInteger();

    /** @param allowed whether a try is */
    public RequestTries(BooleanSupplier allowed) {
        this.allowed = allowed;
    }

    @Override
    public boolean getAsBoolean() {
        count.incrementAndGet();
        return allowed.getAsBoolean();
    }

    /** Whether it was sent more than once. */
    public boolean several() {
        return count.get() > 1;
    }
}
