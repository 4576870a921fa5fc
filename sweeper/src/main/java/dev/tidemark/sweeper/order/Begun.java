package dev.tidemark.sweeper.order;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.RunId;
import java.util.Optional;

/**
 * The records of a partition that a sweeper which was cut off may have begun.
 *
 * @param run whose records they are; null if there are none
 * @param until the offset before which they lie
 */
public record Begun(RunId run, long until) {

    /** Those that the progress tells of which is saved with the partition's offset. */
    public static Begun of(Optional<PartitionProgress> saved) {
        return saved.map(progress -> new Begun(progress.run(), progress.until()))
                .orElse(new Begun(null, 0));
    }

    public boolean has(Eligible record, long offset) {
        return record.run().equals(run) && offset < until;
    }
}
