package dev.tidemark.schemas;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The repair of layer links, as a value that adds up.
 *
 * @param linked those that were missing and are there again
 * @param failed how many could not be written, by reason
 */
public record LinkRepair(List<Totals.Missing> linked, Map<String, Long> failed) {

    public static final LinkRepair NONE = new LinkRepair(List.of(), Map.of());

    public LinkRepair {
        linked = linked == null ? List.of() : List.copyOf(linked);
        failed = failed == null ? Map.of() : Map.copyOf(failed);
    }

    public LinkRepair plus(LinkRepair other) {
        var sum = new TreeMap<>(failed);
        other.failed.forEach((why, count) -> sum.merge(why, count, Long::sum));
        return new LinkRepair(
                Stream.concat(linked.stream(), other.linked.stream()).toList(), sum);
    }

    /** How many links could not be written. */
    public long failures() {
        return failed.values().stream().mapToLong(Long::longValue).sum();
    }
}
