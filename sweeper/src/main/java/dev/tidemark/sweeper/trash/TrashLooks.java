package dev.tidemark.sweeper.trash;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.Nominee;
import dev.tidemark.sweeper.look.StoppedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

    private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(5);
    private static final int BATCH = 500;

    private final Storage storage;
    private final Trash trash;
    private final Duration settle;
    private final TrashJournal journal;
    private final TrashInCache cache;

    /**
     * @param settle how long a file has been in the trash when the look begins that must have found no need of it
     * @param cache of the registry, which is told of a file before the file is purged
     */
    TrashLooks(Storage storage, Trash trash, Duration settle, TrashJournal journal, CachePurge cache) {
        this.cache = new TrashInCache(trash, cache);
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
     * @throws CacheException if the registry's cache can't be told what is in the trash
     * @throws StoppedException if this may not go on
     */
    TrashReport look(Optional<Requested> latest, BiFunction<RunId, Duration, Duration> keep, BooleanSupplier goOn) {
        List<RunId> runs = trash.runs();
        if (runs.isEmpty()) {
            return TrashReport.EMPTY;
        }
        Optional<CacheException> untold = Optional.empty();
        try {
            cache.forget(runs, goOn);
        } catch (CacheException e) {
            // Files that are needed come back all the same: a cache that says that they are there is right again then.
            untold = Optional.of(e);
        }
        long began = trash.now();
        var look = new FinalLook(storage, trash, runs, journal);
        runs.forEach(run -> look.restoreWritten(run, cutoff(run, latest)));
        look.heal(new Options(youngSince(runs, latest), false, false), () -> StoppedException.unless(goOn));
        if (untold.isPresent()) {
            throw untold.get();
        }
        return purge(began, look.restored(), keep, goOn);
    }

    /**
     * Restores what young links of these digests lead to. Nothing is purged. Unlike the look at all links it may be
     * made while a run sweeps: a link that was written since the run began is not one that is to go.
     *
     * @throws StorageException if the storage does not answer
     * @throws StoppedException if this may not go on
     */
    Tally heal(Optional<Requested> latest, Collection<Nominee> nominees, BooleanSupplier goOn) {
        List<RunId> runs = trash.runs();
        if (runs.isEmpty()) {
            return Tally.NONE;
        }
        var look = new FinalLook(storage, trash, runs, journal);
        look.heal(new Options(youngSince(runs, latest), false, false), () -> StoppedException.unless(goOn), nominees);
        return look.restored();
    }

    /** The sweep of the run has told the registry's cache of all that it has taken. */
    void toldBySweep(RunId run) {
        cache.toldBySweep(run);
    }

    /** Tells the registry's cache of what a sweep that was cut off may not have told it. */
    void forget(List<RunId> runs) {
        cache.forget(runs, () -> true);
    }

    /**
     * The time from which files were young for the run: one that was written then or later can't have been eligible.
     */
    private static long cutoff(RunId run, Optional<Requested> latest) {
        return latest.filter(request -> request.run().equals(run))
                .map(request -> request.options().cutoff())
                .orElse(run.time().plusSeconds(1).toEpochMilli());
    }

    /** Links that are older were seen by the runs themselves, whatever the clocks said. */
    private long youngSince(List<RunId> runs, Optional<Requested> latest) {
        return runs.stream()
                .mapToLong(run -> Math.min(
                        cutoff(run, latest),
                        Math.min(run.time().toEpochMilli(), trash.terms(run).made()) - Run.CLOCKS_DIFFER.toMillis()))
                .min()
                .orElseThrow();
    }

    /** A file goes before the files that it names, so that a purge that is cut off leaves no link to nothing. */
    private TrashReport purge(
            long began, Tally restored, BiFunction<RunId, Duration, Duration> keep, BooleanSupplier goOn) {
        var sum = new TrashReport(restored, Tally.NONE, Tally.NONE, 0, OptionalLong.empty());
        for (RunId run : trash.runs()) {
            Trash.Terms terms = trash.terms(run);
            long least = Math.max(keep.apply(run, terms.keep()).toMillis(), settle.toMillis());
            var names = new Purge(run, least, began, goOn);
            names.of(Layout.REPOSITORIES);
            TrashReport ofRun = names.report();
            if (ofRun.failed() == 0) {
                var blobs = new Purge(run, least, began, goOn);
                blobs.of(Layout.BLOBS);
                ofRun = ofRun.plus(blobs.report());
            }
            if (ofRun.left().count() == 0 && ofRun.failed() == 0 && terms.made() + least <= began) {
                trash.end(run);
            }
            sum = sum.plus(ofRun);
        }
        return sum;
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
        private long failed;
        private long next = Long.MAX_VALUE;

        Purge(RunId run, long least, long now, BooleanSupplier goOn) {
            this.run = run;
            this.least = least;
            this.now = now;
            this.goOn = goOn;
        }

        void of(String directory) {
            trash.files(run, directory, this::file);
            flush();
        }

        private void file(Trashed file) {
            long until = Math.max(file.since() + least, cache.toldAt(file.run()) + settle.toMillis());
            if (until > now) {
                keep(file, until);
                return;
            }
            due.add(file);
            if (due.size() == BATCH) {
                flush();
            }
        }

        private void keep(Trashed file, long until) {
            left = left.plus(file.size());
            next = Math.min(next, until);
        }

        private void flush() {
            if (due.isEmpty()) {
                return;
            }
            StoppedException.unless(goOn);
            journal.purging(due, least, now);
            Map<String, StorageException> failures =
                    trash.purge(run, due.stream().map(Trashed::path).toList(), goOn);
            List<Trashed> gone = new ArrayList<>();
            for (Trashed file : due) {
                if (failures.containsKey(file.path())) {
                    keep(file, now + AFTER_A_FAILURE.toMillis());
                    failed++;
                } else {
                    purged = purged.plus(file.size());
                    gone.add(file);
                }
            }
            journal.purged(gone, least, now);
            failures.values().stream()
                    .findFirst()
                    .ifPresent(failure -> LOG.warn(
                            "{} of {} files stay in the trash: {}", failures.size(), run, failure.getMessage()));
            due.clear();
        }

        TrashReport report() {
            return new TrashReport(
                    Tally.NONE,
                    purged,
                    left,
                    failed,
                    next == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(next));
        }
    }
}
