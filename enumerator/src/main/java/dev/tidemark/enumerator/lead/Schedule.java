package dev.tidemark.enumerator.lead;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * The times at which enumerators request runs by themselves, and the options of those runs.
 *
 * @param next the next time after another one, if there is any
 */
public record Schedule(
        Function<Instant, Optional<Instant>> next,
        boolean dryRun,
        boolean deleteUntagged,
        Duration minAge,
        int maxDelete) {

    /** The run of that time. Every enumerator makes the same one: its id is of the time that it was due. */
    Requested run(Instant due) {
        var options = new Options(due.minus(minAge).toEpochMilli(), deleteUntagged, dryRun);
        return new Requested(
                RunId.next(due, Optional.empty()), due.toEpochMilli(), options, maxDelete, "schedule", null);
    }
}
