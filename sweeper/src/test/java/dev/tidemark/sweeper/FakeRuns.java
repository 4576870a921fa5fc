package dev.tidemark.sweeper;

import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.sweeper.permission.Runs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** The runs as a test has them: records that are there, and records that come only to those who wait. */
final class FakeRuns implements Runs {

    private final Deque<RunRecord> coming = new ArrayDeque<>();
    private Optional<Run> latest = Optional.empty();

    FakeRuns(List<RunRecord> there) {
        there.forEach(this::add);
    }

    void add(RunRecord record) {
        latest = Run.after(latest, record);
    }

    void comes(RunRecord record) {
        coming.add(record);
    }

    boolean allCame() {
        return coming.isEmpty();
    }

    @Override
    public Optional<Run> latest() {
        return latest;
    }

    /** All that has come is read then. */
    @Override
    public boolean catchUp(BooleanSupplier stop) {
        coming.forEach(this::add);
        coming.clear();
        return !stop.getAsBoolean();
    }

    /** Ends when nothing more comes, as if it was told to stop. */
    @Override
    public Optional<Run> await(Predicate<Run> wanted, BooleanSupplier stop) {
        while (latest.filter(wanted).isEmpty()) {
            if (stop.getAsBoolean() || coming.isEmpty()) {
                return Optional.empty();
            }
            add(coming.remove());
        }
        return latest;
    }
}
