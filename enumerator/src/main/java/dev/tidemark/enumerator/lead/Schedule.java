package dev.tidemark.enumerator.lead;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.PolicyText;
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
 * @param leftovers how old has to be what was left behind to be deleted; null if it is left alone
 * @param repair whether every missing layer link is to be written again
 * @param policy null if there is none
 * @param keepDangling whether links to what is not there stay, however old they are
 */
public record Schedule(
        Function<Instant, Optional<Instant>> next,
        boolean dryRun,
        boolean deleteUntagged,
        Duration minAge,
        Duration leftovers,
        int maxDelete,
        boolean repair,
        PolicyText policy,
        boolean keepDangling) {

    private static final String BY = "schedule";

    /**
     * The run of that time. Every enumerator makes the same one: its id is of the time that it was due.
     *
     * @param ahead the latest run, if its id is in the future: the next id is greater
     */
    Requested run(Instant due, Optional<RunId> ahead) {
        var options = new Options(
                due.minus(minAge).toEpochMilli(),
                deleteUntagged,
                dryRun,
                leftovers == null ? null : due.minus(leftovers).toEpochMilli());
        return new Requested(
                RunId.next(due, ahead),
                due.toEpochMilli(),
                options,
                maxDelete,
                BY,
                null,
                repair ? true : null,
                policy,
                keepDangling ? true : null);
    }

    /** Whether the run was asked for by a schedule, for that time or a later one. */
    static boolean asked(Requested run, Instant due) {
        return BY.equals(run.by()) && run.at() >= due.toEpochMilli();
    }
}
