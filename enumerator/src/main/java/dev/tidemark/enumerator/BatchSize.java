package dev.tidemark.enumerator;

import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkRecord;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides how many items of a partition are read at once. To read a small one from a bucket is to wait for some
 * answers, one after the other, so a few are read together: the more, the smaller the last ones were, since all that is
 * read of them is held in memory until it is sent. On a disk items are read one by one.
 */
final class BatchSize {

    private static final int MOST = 16;

    /**
     * ManifestSource, tags, layer links and blobs that items which are read together may have, if they are as large as
     * the last ones.
     */
    private static final long MOST_ENTRIES = 50_000;

    private final AtomicLong largest = new AtomicLong();
    private volatile int most = 1;
    private int next = 1;

    /**
     * Whether one more item may be read with those before it: of the same kind only, as blobs are to be listed before
     * their links.
     */
    boolean joins(int before, WorkRecord last, WorkRecord item) {
        return before < next && last.getClass() == item.getClass() && last.run().equals(item.run());
    }

    /**
     * One of them is read.
     *
     * @param parallelism of the storage that it was read from: 1 on a disk
     */
    void read(Done item, int parallelism) {
        most = Math.min(MOST, parallelism);
        largest.accumulateAndGet(item.manifests() + item.tags() + item.layerLinks() + item.blobs(), Math::max);
    }

    /** All of them are read. */
    void done() {
        long fitting = MOST_ENTRIES / Math.max(1, largest.getAndSet(0));
        next = Math.clamp(fitting, 1, Math.min(most, 2 * next));
    }
}
