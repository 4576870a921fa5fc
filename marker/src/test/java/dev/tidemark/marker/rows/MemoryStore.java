package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Rows in a sorted map, in the order of unsigned bytes. */
public final class MemoryStore implements MarkStore {

    private final TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    private byte[] progress;

    public MemoryStore copy() {
        var copy = new MemoryStore();
        copy.rows.putAll(rows);
        copy.progress = progress;
        return copy;
    }

    @Override
    public byte[] get(byte[] key) {
        return rows.get(key);
    }

    @Override
    public void putAll(List<Entry> entries) {
        entries.forEach(entry -> rows.put(entry.key(), entry.value()));
    }

    @Override
    public void delete(byte[] key) {
        rows.remove(key);
    }

    @Override
    public Cursor from(byte[] key) {
        Iterator<Map.Entry<byte[], byte[]>> snapshot =
                new TreeMap<>(rows.tailMap(key, true)).entrySet().iterator();
        return new Cursor() {
            @Override
            public boolean hasNext() {
                return snapshot.hasNext();
            }

            @Override
            public Entry next() {
                Map.Entry<byte[], byte[]> next = snapshot.next();
                return new Entry(next.getKey(), next.getValue());
            }

            @Override
            public void close() {
                // Nothing is held.
            }
        };
    }

    @Override
    public byte[] progress() {
        return progress;
    }

    @Override
    public void saveProgress(byte[] saved) {
        progress = saved;
    }

    SortedMap<byte[], byte[]> rows() {
        return rows;
    }

    /** Told of a row. */
    public interface EachRow {
        void on(Digest digest, String repository, Row row);
    }

    /** All rows, of every run. The digest's own has no repository. */
    public void each(EachRow each) {
        rows.forEach((key, value) -> {
            Digest digest = RowKey.digest(key);
            switch (RowKey.kind(key)) {
                case RowKey.DIGEST -> {
                    DigestRows all = RowCodec.digestRows(value);
                    if (all.own() != null) {
                        each.on(digest, "", all.own());
                    }
                    all.links().forEach((repository, row) -> each.on(digest, repository, row));
                    all.manifests().forEach((repository, row) -> each.on(digest, repository, row));
                    all.referrers().forEach((repository, row) -> each.on(digest, repository, row));
                    if (all.leftover() != null) {
                        each.on(digest, all.leftover().repository(), all.leftover());
                    }
                }
                case RowKey.LINK -> each.on(digest, RowKey.repository(key), RowCodec.ofLink(value));
                case RowKey.MANIFEST -> each.on(digest, RowKey.repository(key), RowCodec.ofManifest(value));
                default -> each.on(digest, RowKey.repository(key), RowCodec.ofReferrers(value));
            }
        });
    }
}
