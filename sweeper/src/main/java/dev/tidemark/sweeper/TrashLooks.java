package dev.tidemark.sweeper;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after a registry's trash: restores what is needed again, and purges what is due. A file is purged only after a
 * look that began when the file had been in the trash for the settling time.
 */
final class TrashLooks {

    private static final Logger LOG = LoggerFactory.getLogger(TrashLooks.class);

    /** Clocks of clients, of the storage and of this machine may differ by this much. */
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private static final int BATCH = 500;

    private final Storage storage;
    private final Trash trash;
    private final Duration settle;
    private final TrashJournal journal;

    /** When the last look began that was whole; empty before the first. */
    private OptionalLong looked = OptionalLong.empty();

    /**
     * @param settle how long a file has been in the trash when the look begins that must have found no need of it
     */
    TrashLooks(Storage storage, Trash trash, Duration settle, TrashJournal journal) {
        this.storage = storage;
        this.trash = trash;
        this.settle = settle;
        this.journal = journal;
    }

    /**
     * Looks once. Nothing is purged if the look is not whole.
     *
     * @param latest the latest run, whose cutoff is known
     * @param keep how long the files of a run are kept, from how long it asked for
     * @param goOn whether this process may still look after the trash; asked before each file is destroyed
     * @throws StorageException if the storage does not answer
     * @throws StoppedException if this may not go on
     */
    TrashReport look(Optional<Requested> latest, BiFunction<RunId, Duration, Duration> keep, BooleanSupplier goOn) {
        List<RunId> runs = trash.runs();
        if (runs.isEmpty()) {
            return TrashReport.EMPTY;
        }
        long began = trash.now();
        var restored = new Restorations();
        var look = new FinalLook(storage, trash, runs, restored);
        runs.forEach(run -> look.restoreWritten(run, cutoff(run, latest)));
        look.heal(new Options(youngSince(runs, latest), false, false), () -> requireGoing(goOn));
        looked = OptionalLong.of(began);
        return purge(began, restored.tally(), keep, goOn);
    }

    /** What was written then or later was young for the run: it can't have been eligible. */
    private static long cutoff(RunId run, Optional<Requested> latest) {
        return latest.filter(request -> request.run().equals(run))
                .map(request -> request.options().cutoff())
                .orElse(run.time().plusSeconds(1).toEpochMilli());
    }

    /** What was written before was seen by the runs themselves, or by an earlier look. */
    private long youngSince(List<RunId> runs, Optional<Requested> latest) {
        long ofRuns = runs.stream()
                .mapToLong(run -> Math.min(
                        cutoff(run, latest), run.time().minus(CLOCKS_DIFFER).toEpochMilli()))
                .min()
                .orElseThrow();
        return looked.isPresent() ? Math.max(ofRuns, looked.getAsLong() - CLOCKS_DIFFER.toMillis()) : ofRuns;
    }

    private TrashReport purge(
            long began, Tally restored, BiFunction<RunId, Duration, Duration> keep, BooleanSupplier goOn) {
        Tally purged = Tally.NONE;
        Tally left = Tally.NONE;
        long next = Long.MAX_VALUE;
        for (RunId run : trash.runs()) {
            var ofRun = new Purge(run, keep.apply(run, trash.keep(run)), began, goOn);
            trash.files(run, ofRun::file);
            ofRun.flush();
            purged = purged.plus(ofRun.purged);
            left = left.plus(ofRun.left);
            next = Math.min(next, ofRun.next);
        }
        return new TrashReport(
                restored, purged, left, next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next));
    }

    private static void requireGoing(BooleanSupplier goOn) {
        if (!goOn.getAsBoolean()) {
            throw new StoppedException();
        }
    }

    /** The look ends before its end: the process is to stop, or the trash is another's now. */
    static final class StoppedException extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    /** The purge of a run's files that are due. */
    private final class Purge {

        private final RunId run;
        /** How long each file is kept at least, in ms. */
        private final long least;

        private final long now;
        private final BooleanSupplier goOn;
        private final List<Trashed> due = new ArrayList<>();
        private Tally purged = Tally.NONE;
        private Tally left = Tally.NONE;
        private long next = Long.MAX_VALUE;

        Purge(RunId run, Duration keep, long now, BooleanSupplier goOn) {
            this.run = run;
            least = Math.max(keep.toMillis(), settle.toMillis());
            this.now = now;
            this.goOn = goOn;
        }

        void file(Trashed file) {
            long until = file.since() + least;
            if (until > now) {
                left = left.plus(file.size());
                next = Math.min(next, until);
                return;
            }
            due.add(file);
            if (due.size() == BATCH) {
                flush();
            }
        }

        /** Destroys the files that are due. Without any, this ends a trash that is empty. */
        void flush() {
            requireGoing(goOn);
            if (!due.isEmpty()) {
                journal.purging(due);
            }
            Map<String, StorageException> failures =
                    trash.purge(run, due.stream().map(Trashed::path).toList(), goOn);
            for (Trashed file : due) {
                if (failures.containsKey(file.path())) {
                    left = left.plus(file.size());
                } else {
                    purged = purged.plus(file.size());
                }
            }
            failures.values().stream()
                    .findFirst()
                    .ifPresent(failure -> LOG.warn(
                            "{} of {} files stay in the trash: {}", failures.size(), run, failure.getMessage()));
            due.clear();
        }
    }

    /** Counts what is restored, on its way to the journal. */
    private final class Restorations implements TrashJournal {

        private final LongAdder count = new LongAdder();
        private final LongAdder bytes = new LongAdder();

        @Override
        public void restored(Trashed file, String why) {
            count.increment();
            bytes.add(file.size());
            journal.restored(file, why);
        }

        @Override
        public void purging(List<Trashed> files) {
            journal.purging(files);
        }

        @Override
        public void close() {
            journal.close();
        }

        Tally tally() {
            return new Tally(count.sum(), bytes.sum());
        }
    }
}
