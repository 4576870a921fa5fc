package dev.tidemark.sweeper;

import dev.tidemark.schemas.Tally;
import java.util.OptionalLong;

/**
 * The outcome of a look at the trash.
 *
 * @param restored files that were put back
 * @param purged files that were destroyed
 * @param left files that are still in the trash
 * @param nextDue when the first of these may be purged, in ms since the epoch; empty if none is left
 */
public record TrashReport(Tally restored, Tally purged, Tally left, OptionalLong nextDue) {

    static final TrashReport EMPTY = new TrashReport(Tally.NONE, Tally.NONE, Tally.NONE, OptionalLong.empty());
}
