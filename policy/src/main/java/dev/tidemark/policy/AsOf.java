package dev.tidemark.policy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The instant that a policy decides at, and the time from which pulls are known, in ms since the epoch.
 *
 * @param pullsSince from when on every pull is known; null if nobody collects them
 */
record AsOf(long now, Long pullsSince) {

    boolean isWithin(long then, long duration) {
        return now - then < duration;
    }

    boolean knowsPulls() {
        return pullsSince != null;
    }

    /** Whether no pull is unknown that is later than what is known of the tag. */
    boolean knowsTheLastPull(Tag tag) {
        return knowsPulls() && tag.used() >= pullsSince;
    }

    /** Why a tag is taken for one that was pulled. */
    String countsAsPulled() {
        return knowsPulls()
                ? "events since %s: counts as pulled"
                        .formatted(Instant.ofEpochMilli(pullsSince).truncatedTo(ChronoUnit.SECONDS))
                : "no events are collected: counts as pulled";
    }
}
