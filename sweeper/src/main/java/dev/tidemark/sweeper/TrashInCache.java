package dev.tidemark.sweeper;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.LayoutEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Lets the registry's cache forget what lies in the trash. A sweep that was cut off between a move and its word to the
 * cache leaves an entry that says that the file is there, and the registry accepts pushes that need it.
 */
final class TrashInCache {

    private static final String WHY = "it lies in the trash";
    private static final long LONG_AGO = 0;
    private static final Told NOTHING = new Told(LONG_AGO, LONG_AGO);

    private final Trash trash;
    private final CachePurge cache;
    private final Map<RunId, Told> told = new HashMap<>();

    /**
     * What the cache was told of a run's files.
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
     * Tells the cache what it has not been told yet, as far as is known here. It is checked first: no run may have done
     * so in this process, and what a replica of another registry is told to forget is lost there.
     *
     * @throws CacheException if some entries may be left
     * @throws InterruptedException while it waits until all are removed twice
     */
    void forget(List<RunId> runs) throws InterruptedException {
        if (cache.none()) {
            return;
        }
        long now = trash.now();
        List<RunId> some = new ArrayList<>();
        for (RunId run : runs) {
            List<Eligible> files = untold(run);
            if (!files.isEmpty()) {
                if (some.isEmpty()) {
                    cache.check();
                }
                cache.forget(files);
                some.add(run);
            }
        }
        cache.finish();
        long at = trash.now();
        some.forEach(run -> told.put(run, new Told(now, at)));
    }

    private List<Eligible> untold(RunId run) {
        long upTo = told.getOrDefault(run, NOTHING).upTo();
        List<Eligible> files = new ArrayList<>();
        trash.files(run, file -> {
            if (file.since() > upTo) {
                entry(file).forEach(files::add);
            }
        });
        return files;
    }

    private static Stream<Eligible> entry(Trashed file) {
        return LayoutEntry.of(file.path()).stream()
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
                        null));
    }

    /** When the cache was told here of a run's files, in ms since the epoch by the storage's clock. */
    long toldAt(RunId run) {
        return told.getOrDefault(run, NOTHING).at();
    }
}
