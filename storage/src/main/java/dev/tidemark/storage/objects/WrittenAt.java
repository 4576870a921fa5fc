package dev.tidemark.storage.objects;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** When an object was written: services say it to the second, rounded down. */
public final class WrittenAt {

    private static final long A_SECOND = 1000;

    private WrittenAt() {}

    /**
     * As late as it may have been, in ms since the epoch: what is younger than the cutoff has to count as that.
     *
     * @param said by the service
     */
    public static long latest(Instant said) {
        long at = said.toEpochMilli();
        return at % A_SECOND == 0 ? at + A_SECOND - 1 : at;
    }

    /** As early as it may have been, by the time that is the latest. */
    static Instant earliest(Instant latest) {
        return latest.truncatedTo(ChronoUnit.SECONDS);
    }
}
