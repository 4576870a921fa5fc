package dev.tidemark.sweeper.trash;

import dev.tidemark.schemas.Tally;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * Counts what this process does to the trash, for metrics. The contents of the trash are known to the one process that
 * looks after it, since its last look: to others they are NaN.
 */
public final class TrashMeter {

    private static final double SECOND = 1000;

    /**
     * @param room bytes that were free then
     * @param at when the look ended, in ms since the epoch
     */
    private record Last(TrashReport report, OptionalLong room, long at) {}

    private final LongAdder restored = new LongAdder();
    private final LongAdder purged = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private volatile Optional<Last> last = Optional.empty();

    /**
     * A look at the whole registry is over.
     *
     * @param room bytes that are free where the trash is; empty where there is no such bound
     */
    void looked(TrashReport report, OptionalLong room) {
        restored(report.restored());
        purged.add(report.purged().count());
        last = Optional.of(new Last(report, room, System.currentTimeMillis()));
    }

    /** Files that were pushed again are back. */
    void restored(Tally files) {
        restored.add(files.count());
    }

    void failed() {
        failures.increment();
    }

    /** Another process looks after the trash. */
    void others() {
        last = Optional.empty();
    }

    /** Files that are in the trash. */
    public double files() {
        return of(look -> look.report().left().count());
    }

    /** Their bytes. */
    public double bytes() {
        return of(look -> look.report().left().bytes());
    }

    /** Bytes that were free where they are; NaN where there is no such bound. */
    public double room() {
        return of(look -> look.room().isPresent() ? look.room().getAsLong() : Double.NaN);
    }

    /** How many of them should have been destroyed, and could not be. */
    public double stuck() {
        return of(look -> look.report().failed());
    }

    /** Seconds since the first of them was due; below 0 until then, and NaN if there is none. */
    public double overdueSeconds() {
        return of(look -> look.report().nextDue().isEmpty()
                ? Double.NaN
                : (System.currentTimeMillis() - look.report().nextDue().getAsLong()) / SECOND);
    }

    /** Seconds since the last look at the whole registry. */
    public double lookAgeSeconds() {
        return of(look -> (System.currentTimeMillis() - look.at()) / SECOND);
    }

    private double of(ToDoubleFunction<Last> value) {
        return last.map(value::applyAsDouble).orElse(Double.NaN);
    }

    /** Files that were put back. */
    public long restored() {
        return restored.sum();
    }

    /** Files that were destroyed. */
    public long purged() {
        return purged.sum();
    }

    /** Looks that failed. */
    public long failures() {
        return failures.sum();
    }
}
