package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Reads the rows of one run from memory, digest by digest, where all rows of the partition are there. */
final class CachedGroups implements RowGroup.Cursor {

    private final Map<Digest, CachedDigest> cached;
    private final List<Digest> ordered;
    private final MarkStore store;
    private final long run;
    private int next;

    /**
     * @param ordered the digests, in the order of the store's keys
     * @param from a key; empty for the first
     */
    CachedGroups(Map<Digest, CachedDigest> cached, List<Digest> ordered, MarkStore store, byte[] from, long run) {
        this.cached = cached;
        this.ordered = ordered;
        this.store = store;
        this.run = run;
        next = from.length == 0 ? 0 : position(RowKey.digest(from));
    }

    /** Where in the order a digest is, or would be. */
    private int position(Digest digest) {
        int found = Collections.binarySearch(ordered, digest);
        return found < 0 ? -found - 1 : found;
    }

    @Override
    public boolean hasNext() {
        return next < ordered.size();
    }

    @Override
    public RowGroup next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return cached.get(ordered.get(next++)).of(run, store);
    }

    @Override
    public byte[] position() {
        return hasNext() ? RowKey.of(ordered.get(next)) : null;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
