package dev.tidemark.marker.rows;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;

/** Reads the rows of one run from the store, digest by digest, and deletes those of other runs on the way. */
final class StoredGroups implements RowGroup.Cursor {

    private final MarkStore store;
    private final MarkStore.Cursor entries;
    private final long run;
    private MarkStore.Entry next;

    /**
     * @param from a key; empty for the first
     */
    StoredGroups(MarkStore store, byte[] from, long run) {
        this.store = store;
        this.run = run;
        entries = store.from(from);
        advance();
    }

    private void advance() {
        next = entries.hasNext() ? entries.next() : null;
    }

    @Override
    public boolean hasNext() {
        return next != null;
    }

    @Override
    public RowGroup next() {
        if (next == null) {
            throw new NoSuchElementException();
        }
        byte[] start = next.key();
        var group = new RowGroup(RowKey.digest(start), null, new TreeMap<>(), new TreeMap<>(), null);
        while (next != null && RowKey.sameDigest(start, next.key())) {
            group = with(group, next);
            advance();
        }
        return group;
    }

    /** Replaces the value of a digest by its current rows alone. */
    static void keep(MarkStore store, byte[] key, DigestRows current) {
        if (current.size() == 0) {
            store.delete(key);
        } else {
            store.putAll(List.of(new MarkStore.Entry(key, RowCodec.encode(current))));
        }
    }

    private RowGroup with(RowGroup group, MarkStore.Entry entry) {
        byte[] key = entry.key();
        if (RowKey.kind(key) == RowKey.DIGEST) {
            DigestRows all = RowCodec.digestRows(entry.value());
            DigestRows current = all.of(run);
            if (current.size() == 0 || current.size() < all.size()) {
                keep(store, key, current);
            }
            group.links().putAll(current.links());
            group.manifests().putAll(current.manifests());
            return new RowGroup(group.digest(), current.own(), group.links(), group.manifests(), current.leftover());
        }
        Row row = switch (RowKey.kind(key)) {
            case RowKey.LINK -> RowCodec.ofLink(entry.value());
            case RowKey.MANIFEST -> RowCodec.ofManifest(entry.value());
            default -> RowCodec.ofReferrers(entry.value());
        };
        if (row.run() != run) {
            store.delete(key);
            return group;
        }
        String repository = RowKey.repository(key);
        switch (row) {
            case Row.OfLink link -> group.links().put(repository, link);
            case Row.OfManifest manifest -> group.manifests().put(repository, manifest);
            case Row.OfReferrers referrers -> {
                // The marks that they needed are sent.
            }
            case Row.OfDigest own ->
                throw new IllegalStateException("a digest's own row is stored with others: " + own);
            case LeftoverRow leftover ->
                throw new IllegalStateException("what was left behind is stored with others: " + leftover);
        }
        return group;
    }

    @Override
    public byte[] position() {
        return next == null ? null : next.key();
    }

    @Override
    public void close() {
        entries.close();
    }
}
