package dev.tidemark.sweeper;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.sweeper.trash.TrashMeter;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts the deletions and the events of this process, for progress and metrics. */
public final class SweeperMeter {

    private final Map<Outcome, LongAdder> done = new EnumMap<>(Outcome.class);
    private final LongAdder bytesFreed = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final LongAdder malformed = new LongAdder();
    private final LongAdder cacheFailures = new LongAdder();
    private final TrashMeter trash = new TrashMeter();

    public SweeperMeter() {
        for (Outcome outcome : Outcome.values()) {
            done.put(outcome, new LongAdder());
        }
    }

    void done(DeletionRecord deletion) {
        done.get(deletion.outcome()).increment();
        bytesFreed.add(deletion.bytes());
    }

    /** Eligible records that are done, however they ended. */
    public long done() {
        return done.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** Eligible records that ended so. */
    public long done(Outcome outcome) {
        return done.get(outcome).sum();
    }

    public long bytesFreed() {
        return bytesFreed.sum();
    }

    public TrashMeter trash() {
        return trash;
    }

    /** The registry's cache could not be told what is gone. */
    public void cacheFailed() {
        cacheFailures.increment();
    }

    /** How often it could not. */
    public long cacheFailures() {
        return cacheFailures.sum();
    }

    void received(Notifications notifications) {
        events.add(notifications.taken());
        malformed.add(notifications.malformed().size());
    }

    /** Events of the registry that were taken. */
    public long events() {
        return events.sum();
    }

    /** Parts of the registry's notifications that were no events. */
    public long malformed() {
        return malformed.sum();
    }
}
