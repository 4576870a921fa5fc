package dev.tidemark.sweeper.trash;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.LayoutEntry;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.StoppedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Lets the registry's cache forget what lies in the trash. A sweep that was cut off between a move and its word to the
 * cache leaves an entry that says that the file is there, and the registry accepts pushes that need it.
 */
final class TrashInCache {

    private static final String WHY = "it lies in the trash";

    /** As many as a cache in Redis is told of at once. */
    private static final int BATCH = 1_000;

    /** Batches that are kept until the cache is told of them for the second time. */
    private static final int MOST_TOLD_ONCE = 50;

    private static final long LONG_AGO = 0;
    private static final Told NOTHING = new Told(LONG_AGO, LONG_AGO);

    private final Trash trash;
    private final CachePurge cache;
    private final Map<RunId, Told> told = new HashMap<>();

    /**
     * The files of a run that the cache was told of.
     *
     * @param upTo that it is told of those that came into the trash until then
     * @param at when
     */
    private record Told(long upTo, long at) {}

    /** @param cache for this alone */
    TrashInCache(Trash trash, CachePurge cache) {
        this.trash = trash;
        this.cache = cache;
    }

    /** The sweep of the run has come to its end, and has told the cache of all files. */
    void toldBySweep(RunId run) {
        told.put(run, new Told(trash.now(), LONG_AGO));
    }

    /**
     * Tells the cache what it has not been told yet, as far as is known here, in batches. It is checked first: no run
     * may have done so in this process, and what a replica of another registry is told to forget is lost there.
     *
     * @param goOn asked before each batch
     * @throws CacheException if some entries may be left
     * @throws StoppedException if this may not go on
     */
    void forget(List<RunId> runs, BooleanSupplier goOn) {
        if (cache.none()) {
            return;
        }
        long now = trash.now();
        var batches = new Batches(goOn);
        List<RunId> some = runs.stream().filter(run -> tell(run, batches)).toList();
        batches.end();
        long at = trash.now();
        some.forEach(run -> told.put(run, new Told(now, at)));
    }

    /** Whether a run has files that the cache was not told of. */
    private boolean tell(RunId run, Batches batches) {
        long upTo = told.getOrDefault(run, NOTHING).upTo();
        boolean[] any = {false};
        trash.files(run, file -> {
            if (file.since() > upTo) {
                any[0] |= batches.add(entries(file));
            }
        });
        return any[0];
    }

    /** The entries that the cache is to forget, in batches: a run's trash may be larger than the memory. */
    private final class Batches {

        private final BooleanSupplier goOn;
        private final List<Eligible> batch = new ArrayList<>();
        private boolean checked;
        private int toldOnce;

        Batches(BooleanSupplier goOn) {
            this.goOn = goOn;
        }

        boolean add(List<Eligible> file) {
            batch.addAll(file);
            if (batch.size() >= BATCH) {
                tell();
            }
            return !file.isEmpty();
        }

        private void tell() {
            StoppedException.unless(goOn);
            if (!checked) {
                cache.check();
                checked = true;
            }
            cache.forget(List.copyOf(batch));
            batch.clear();
            toldOnce++;
            if (toldOnce == MOST_TOLD_ONCE) {
                finish();
            }
        }

        private void finish() {
            try {
                cache.finish();
                toldOnce = 0;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppedException();
            }
        }

        void end() {
            if (!batch.isEmpty()) {
                tell();
            }
            finish();
        }
    }

    /** A revision may have been dangling: the blob of its manifest is in no trash, and a registry may remember it. */
    private static List<Eligible> entries(Trashed file) {
        return LayoutEntry.of(file.path()).stream()
                .flatMap(entry -> entry.kind() == Kind.MANIFEST
                        ? Stream.of(entry, new LayoutEntry(Kind.BLOB, null, entry.digest()))
                        : Stream.of(entry))
                .map(entry -> new Eligible(
                        file.run(),
                        entry.kind(),
                        entry.digest(),
                        entry.repository(),
                        null,
                        file.size(),
                        WHY,
                        file.modified(),
                        List.of(),
                        null))
                .toList();
    }

    /** When the cache was told here of a run's files, in ms since the epoch by the storage's clock. */
    long toldAt(RunId run) {
        return told.getOrDefault(run, NOTHING).at();
    }
}
