package dev.tidemark.sweeper.permission;

import dev.tidemark.schemas.Run;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** Proves that a run's records in a partition of {@code eligible} are those that the marker decided on. */
@FunctionalInterface
public interface Proof {

    /**
     * Looks at all of the run's records, before any of them is worked off.
     *
     * @param from the offset of the run's first record
     * @param stop looked at every so often
     * @return the offset of the run's barrier: later records are not the marker's. Empty if it was told to stop first
     * @throws IllegalStateException if they are others: then none of them may be swept
     */
    OptionalLong barrier(Run run, int partition, long from, BooleanSupplier stop) throws InterruptedException;
}
