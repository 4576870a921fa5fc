package dev.tidemark.enumerator.lead;

import dev.tidemark.schemas.RunRecord.Requested;
import java.time.Duration;
import java.time.Instant;

/**
 * The time at which a run was requested, by the clock of the client, held against the clock here. The client makes the
 * cutoff of its clock: one that is ahead makes what is younger than the minimum age look older.
 */
final class RequestTime {

    /** So much the clocks of machines may differ: with {@code --min-age 0} a cutoff is the moment of the request. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    private RequestTime() {}

    /**
     * Refuses a request of the future. One of the past is right: it may have waited for an enumerator.
     *
     * @throws IllegalStateException if the run is refused
     */
    static void require(Requested request, Instant now) {
        Instant latest = now.plus(CLOCKS_DIFFER);
        Instant at = Instant.ofEpochMilli(request.at());
        Instant cutoff = Instant.ofEpochMilli(request.options().cutoff());
        if (at.isAfter(latest)) {
            refuse("it was requested at " + at, request, now);
        }
        if (cutoff.isAfter(latest)) {
            refuse("its cutoff is " + cutoff, request, now);
        }
    }

    private static void refuse(String what, Requested request, Instant now) {
        throw new IllegalStateException(
                ("%s, in the future by the enumerator's clock, which says %s: set the clocks right, of the machine "
                                + "where it was requested (by %s) too")
                        .formatted(what, now, request.by()));
    }
}
