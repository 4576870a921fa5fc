package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The rows of one kind that a digest has, in memory, by repository. The first ones are stored within the digest's own
 * value, the others each by itself: these are read when they are asked for.
 */
final class RepositoryRows<R extends Row> {

    /** References, referrers, tags that go and entries in tags' histories that take as much memory as a row. */
    private static final int NAMES_OF_A_ROW = 3;

    private final Digest digest;
    private final byte kind;
    private final Function<byte[], R> decode;
    private final int mostWithin;
    private Map<String, R> within;
    private Map<String, Cell<R>> alone = Map.of();
    private int weight;

    private RepositoryRows(
            Digest digest, byte kind, Function<byte[], R> decode, Map<String, R> within, int mostWithin) {
        this.digest = digest;
        this.kind = kind;
        this.decode = decode;
        this.within = within;
        this.mostWithin = mostWithin;
        for (R row : within.values()) {
            weight += weight(row);
        }
    }

    static RepositoryRows<Row.OfLink> links(Digest digest, Map<String, Row.OfLink> within) {
        return new RepositoryRows<>(digest, RowKey.LINK, RowCodec::ofLink, within, DigestRows.MOST_LINKS);
    }

    static RepositoryRows<Row.OfManifest> manifests(Digest digest, Map<String, Row.OfManifest> within) {
        return new RepositoryRows<>(digest, RowKey.MANIFEST, RowCodec::ofManifest, within, DigestRows.MOST_MANIFESTS);
    }

    static RepositoryRows<Row.OfReferrers> referrers(Digest digest, Map<String, Row.OfReferrers> within) {
        return new RepositoryRows<>(digest, RowKey.REFERRERS, RowCodec::ofReferrers, within, DigestRows.MOST_MANIFESTS);
    }

    /** A row that is stored by itself, as it is now, or null where there is none; and whether the store has it so. */
    private static final class Cell<R> {
        private R row;
        private boolean stored = true;

        private Cell(R row) {
            this.row = row;
        }
    }

    /** How many rows are in memory. One that names many digests counts as several. */
    int weight() {
        return weight;
    }

    private static int weight(Row row) {
        int names = switch (row) {
            case Row.OfManifest manifest ->
                manifest.references().size()
                        + manifest.history().size()
                        + manifest.going().size();
            case Row.OfReferrers referrers -> referrers.digests().size();
            case Row.OfLink link -> 0;
            case Row.OfDigest own -> 0;
            case LeftoverRow leftover -> 0;
        };
        return 1 + names / NAMES_OF_A_ROW;
    }

    /** Those that are stored within the digest's value. */
    Map<String, R> within() {
        return within;
    }

    /** Replaces those that are stored within the digest's value by some of them. */
    void keepWithin(Map<String, R> rows) {
        within = rows;
    }

    /**
     * The repository's row, or null.
     *
     * @param more whether there may be rows by themselves
     * @param read reads a value of the store; null where there is none
     */
    R get(String repository, boolean more, UnaryOperator<byte[]> read) {
        R row = within.get(repository);
        return row != null || !more ? row : alone(repository, true, read).row;
    }

    /** Puts a row, and says whether it is stored by itself. */
    boolean put(String repository, R row, boolean more, UnaryOperator<byte[]> read) {
        boolean fits = within.containsKey(repository)
                || (within.size() < mostWithin && (!more || alone(repository, true, read).row == null));
        if (fits) {
            if (within.isEmpty()) {
                within = new HashMap<>(2);
            }
            R before = within.put(repository, row);
            weight += weight(row) - (before == null ? 0 : weight(before));
        } else {
            Cell<R> cell = alone(repository, more, read);
            cell.row = row;
            cell.stored = false;
        }
        return !fits;
    }

    /** Takes a row that is stored by itself, as it was read. */
    void found(String repository, byte[] value) {
        alone(repository, true, key -> value);
    }

    private Cell<R> alone(String repository, boolean more, UnaryOperator<byte[]> read) {
        if (alone.isEmpty()) {
            alone = new HashMap<>();
        }
        return alone.computeIfAbsent(repository, r -> {
            weight++;
            byte[] value = more ? read.apply(RowKey.of(digest, kind, r)) : null;
            return new Cell<>(value == null ? null : decode.apply(value));
        });
    }

    /** The rows by themselves, as they are in memory. */
    void eachAlone(BiConsumer<String, R> each) {
        alone.forEach((repository, cell) -> {
            if (cell.row != null) {
                each.accept(repository, cell.row);
            }
        });
    }

    /** Adds the rows by themselves that the store has not, and takes them for stored. */
    void collect(List<MarkStore.Entry> entries) {
        alone.forEach((repository, cell) -> {
            if (!cell.stored) {
                cell.stored = true;
                entries.add(new MarkStore.Entry(RowKey.of(digest, kind, repository), RowCodec.encode(cell.row)));
            }
        });
    }

    /** All rows of that run, if those within are; those of others are deleted, here and in the store. */
    Map<String, R> of(long run, MarkStore store) {
        if (alone.isEmpty()) {
            return within.size() < 2 ? within : new TreeMap<>(within);
        }
        Map<String, R> all = new TreeMap<>(within);
        alone.forEach((repository, cell) -> {
            if (cell.row != null && cell.row.run() == run) {
                all.put(repository, cell.row);
            } else if (cell.row != null) {
                cell.row = null;
                cell.stored = true;
                store.delete(RowKey.of(digest, kind, repository));
            }
        });
        return all;
    }
}
