package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A write-behind cache of one partition's rows. Most rows are written once by the record that finds them and again by
 * the marks that soon follow, so they stay in memory for a while and are stored together, at the latest when a commit
 * is due.
 */
public final class RowCache {

    /** The memory of a row, about, with its share of its digest's. */
    private static final int BYTES_OF_A_ROW = 230;

    /**
     * Rows that all partitions together keep in memory, if one process has them all: those that fit a quarter of the
     * heap.
     */
    public static final int MOST =
            (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4 / BYTES_OF_A_ROW);

    /**
     * Characters of a name, of which each is written as 3 bytes at most, and all as 65,535. No storage has names of a
     * tenth of that.
     */
    private static final int LONGEST_NAME = 65_535 / 3;

    private final MarkStore store;
    private final UnaryOperator<byte[]> read = this::read;
    private final int most;
    private final Map<Digest, CachedDigest> cached = new HashMap<>();
    /** Digests with rows that the store has not. */
    private final List<CachedDigest> changed = new ArrayList<>();
    /** Whether all that is stored is in memory: what isn't there is not looked up. */
    private boolean complete;
    /** If that is so and the groups have been asked for, all digests, in the order of the store's keys. */
    private List<Digest> ordered;
    /** The weight of the rows in memory: a manifest that names many digests counts as several. */
    private int size;

    /**
     * @param most how many rows are kept in memory
     */
    public RowCache(MarkStore store, int most) {
        this.store = store;
        this.most = most;
    }

    /**
     * Reads all that is stored, if it is little enough to be kept in memory: one sweep costs far less than a look for
     * each.
     */
    public void loadAll() {
        flushAndClear();
        complete = true;
        try (MarkStore.Cursor cursor = store.from(new byte[0])) {
            while (complete && cursor.hasNext()) {
                MarkStore.Entry entry = cursor.next();
                Digest digest = RowKey.digest(entry.key());
                String repository = RowKey.repository(entry.key());
                switch (RowKey.kind(entry.key())) {
                    case RowKey.DIGEST -> add(digest, RowCodec.digestRows(entry.value()));
                    case RowKey.LINK -> found(cached(digest).links, repository, entry.value());
                    case RowKey.MANIFEST -> found(cached(digest).manifests, repository, entry.value());
                    default -> found(cached(digest).referrers, repository, entry.value());
                }
                complete = size < most;
            }
        }
        if (!complete) {
            flushAndClear();
        }
    }

    /** The digest's own row, or null. */
    public Row.OfDigest digest(Digest digest) {
        return cached(digest).own;
    }

    public void put(Digest digest, Row.OfDigest row) {
        CachedDigest of = cached(digest);
        of.own = row;
        change(of);
    }

    /** What was left behind and has a path of that digest, or null. */
    public LeftoverRow leftover(Digest digest) {
        return cached(digest).leftover;
    }

    public void put(Digest digest, LeftoverRow row) {
        Stream.of(row.repository(), row.path()).filter(Objects::nonNull).forEach(RowCache::requireStorable);
        CachedDigest of = cached(digest);
        of.leftover = row;
        change(of);
    }

    /** A repository's link to the digest, or null. */
    public Row.OfLink link(Digest digest, String repository) {
        CachedDigest of = cached(digest);
        return get(of, of.links, repository);
    }

    public void put(Digest digest, String repository, Row.OfLink row) {
        requireStorable(repository);
        CachedDigest of = cached(digest);
        put(of, of.links, repository, row);
    }

    /** The digest as a repository's manifest, or null. */
    public Row.OfManifest manifest(Digest digest, String repository) {
        CachedDigest of = cached(digest);
        return get(of, of.manifests, repository);
    }

    public void put(Digest digest, String repository, Row.OfManifest row) {
        requireStorable(repository);
        row.history().forEach(RowCache::requireStorable);
        row.going().keySet().forEach(RowCache::requireStorable);
        CachedDigest of = cached(digest);
        put(of, of.manifests, repository, row);
    }

    /** The referrers of the digest in a repository, or null. */
    public Row.OfReferrers referrers(Digest digest, String repository) {
        CachedDigest of = cached(digest);
        return get(of, of.referrers, repository);
    }

    public void put(Digest digest, String repository, Row.OfReferrers row) {
        requireStorable(repository);
        CachedDigest of = cached(digest);
        put(of, of.referrers, repository, row);
    }

    /**
     * To be asked before a name is taken in: rows are written when a commit is due, and no record could be told from
     * the others then.
     *
     * @throws IllegalArgumentException if it can't be written
     */
    private static void requireStorable(String name) {
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "a name of %d characters is too long: %s…".formatted(name.length(), name.substring(0, 100)));
        }
    }

    private <R extends Row> R get(CachedDigest of, RepositoryRows<R> rows, String repository) {
        int before = rows.weight();
        R row = rows.get(repository, of.more, read);
        size += rows.weight() - before;
        return row;
    }

    private <R extends Row> void put(CachedDigest of, RepositoryRows<R> rows, String repository, R row) {
        int before = rows.weight();
        of.more |= rows.put(repository, row, of.more, read);
        size += rows.weight() - before;
        change(of);
    }

    private void found(RepositoryRows<?> rows, String repository, byte[] value) {
        int before = rows.weight();
        rows.found(repository, value);
        size += rows.weight() - before;
    }

    /** The digest as a manifest of every repository that there is a row of, of this run or another. */
    public void eachManifest(Digest digest, BiConsumer<String, Row.OfManifest> each) {
        CachedDigest of = cached(digest);
        if (!of.more) {
            List.copyOf(of.manifests.within().entrySet()).forEach(row -> each.accept(row.getKey(), row.getValue()));
            return;
        }
        Map<String, Row.OfManifest> all = new TreeMap<>(of.manifests.within());
        if (!complete) {
            byte[] first = RowKey.of(digest, RowKey.MANIFEST, "");
            try (MarkStore.Cursor cursor = store.from(first)) {
                while (cursor.hasNext()) {
                    MarkStore.Entry entry = cursor.next();
                    if (!RowKey.sameDigest(first, entry.key()) || RowKey.kind(entry.key()) != RowKey.MANIFEST) {
                        break;
                    }
                    all.put(RowKey.repository(entry.key()), RowCodec.ofManifest(entry.value()));
                }
            }
        }
        of.manifests.eachAlone(all::put);
        all.forEach(each);
    }

    /**
     * The rows of a run, digest by digest; those of other runs are deleted on the way. Nothing may be put meanwhile.
     *
     * @param from where to start: a position, or empty
     */
    public RowGroup.Cursor groups(long run, byte[] from) {
        if (!complete) {
            flushAndClear();
            return new StoredGroups(store, from, run);
        }
        flush();
        if (ordered == null) {
            ordered = cached.keySet().stream().sorted().toList();
        }
        return new CachedGroups(cached, ordered, store, from, run);
    }

    /** Stores and drops all rows, if there are too many. */
    public void evict() {
        if (size >= most) {
            flushAndClear();
        }
    }

    /** Stores the rows that the store has not. */
    public void flush() {
        List<MarkStore.Entry> entries = new ArrayList<>(changed.size());
        for (CachedDigest of : changed) {
            of.collect(entries);
        }
        store.putAll(entries);
        changed.clear();
    }

    /**
     * Stores the rows that the store has not, and drops all: from here on the store is read, and written, by itself.
     */
    public void flushAndClear() {
        flush();
        clear();
    }

    /** Drops all rows, those that the store has not, too. */
    public void clear() {
        changed.clear();
        cached.clear();
        size = 0;
        complete = false;
        ordered = null;
    }

    private void change(CachedDigest of) {
        if (!of.changed) {
            of.changed = true;
            changed.add(of);
        }
    }

    private CachedDigest cached(Digest digest) {
        CachedDigest of = cached.get(digest);
        if (of == null) {
            byte[] value = read(RowKey.of(digest));
            of = add(digest, value == null ? DigestRows.NONE : RowCodec.digestRows(value));
        }
        return of;
    }

    private byte[] read(byte[] key) {
        return complete ? null : store.get(key);
    }

    private CachedDigest add(Digest digest, DigestRows rows) {
        var of = new CachedDigest(digest, rows);
        cached.put(digest, of);
        size += of.weight();
        return of;
    }
}
