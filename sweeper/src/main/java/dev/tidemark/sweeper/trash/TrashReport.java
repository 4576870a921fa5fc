package dev.tidemark.sweeper.trash;

import dev.tidemark.schemas.Tally;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * The outcome of a look at the trash.
 *
 * @param restored files that were put back
 * @param purged files that were destroyed
 * @param left files that are still in the trash
 * @param failed how many of these could not be destroyed
 * @param nextDue when the first of these may be purged, in ms since the epoch; empty if none is left
 */
public record TrashReport(Tally restored, Tally purged, Tally left, long failed, OptionalLong nextDue) {

    static final TrashReport EMPTY = new TrashReport(Tally.NONE, Tally.NONE, Tally.NONE, 0, OptionalLong.empty());

    TrashReport plus(TrashReport other) {
        return new TrashReport(
                restored.plus(other.restored),
                purged.plus(other.purged),
                left.plus(other.left),
                failed + other.failed,
                Stream.of(nextDue, other.nextDue)
                        .flatMapToLong(OptionalLong::stream)
                        .min());
    }
}
