package dev.tidemark.schemas;

import java.util.Map;
import java.util.TreeMap;

/**
 * The numbers of a sweep, as a value that adds up.
 *
 * @param deleted by kind; the bytes are those freed
 * @param spared how many records, by reason
 * @param failed how many records, by reason
 */
public record Sweep(Map<Kind, Tally> deleted, long alreadyGone, Map<String, Long> spared, Map<String, Long> failed) {

    public static final Sweep NONE = new Sweep(Map.of(), 0, Map.of(), Map.of());

    public Sweep {
        deleted = deleted == null ? Map.of() : Map.copyOf(deleted);
        spared = spared == null ? Map.of() : Map.copyOf(spared);
        failed = failed == null ? Map.of() : Map.copyOf(failed);
    }

    public Sweep plus(DeletionRecord deletion) {
        return plus(
                switch (deletion.outcome()) {
                    case DELETED ->
                        new Sweep(Map.of(deletion.kind(), new Tally(1, deletion.bytes())), 0, Map.of(), Map.of());
                    case ALREADY_GONE -> new Sweep(Map.of(), 1, Map.of(), Map.of());
                    case SPARED -> new Sweep(Map.of(), 0, Map.of(deletion.why(), 1L), Map.of());
                    case FAILED -> new Sweep(Map.of(), 0, Map.of(), Map.of(deletion.why(), 1L));
                });
    }

    public Sweep plus(Sweep other) {
        var sum = new TreeMap<>(deleted);
        other.deleted.forEach((kind, tally) -> sum.merge(kind, tally, Tally::plus));
        return new Sweep(
                sum, alreadyGone + other.alreadyGone, added(spared, other.spared), added(failed, other.failed));
    }

    /** How many records were deleted, of every kind. */
    public long deletions() {
        return deleted.values().stream().mapToLong(Tally::count).sum();
    }

    /** How many bytes were freed. */
    public long bytesFreed() {
        return deleted.values().stream().mapToLong(Tally::bytes).sum();
    }

    /** How many deletions failed. */
    public long failures() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many records there are, whatever became of them. */
    public long records() {
        return deletions()
                + alreadyGone
                + spared.values().stream().mapToLong(Long::longValue).sum()
                + failures();
    }

    private static Map<String, Long> added(Map<String, Long> a, Map<String, Long> b) {
        var sum = new TreeMap<>(a);
        b.forEach((why, count) -> sum.merge(why, count, Long::sum));
        return sum;
    }
}
