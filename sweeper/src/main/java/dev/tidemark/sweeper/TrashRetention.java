package dev.tidemark.sweeper;

import java.time.Duration;
import java.util.Optional;

/**
 * How long the trash keeps a file.
 *
 * @param keep at least, from when it was swept; empty if what is swept is deleted at once
 * @param settle how long after that the look begins that must have found no need of it: pushes that began before the
 *     file was swept are over by then
 */
public record TrashRetention(Optional<Duration> keep, Duration settle) {

    /** What is swept is deleted at once. */
    public static final TrashRetention NONE = new TrashRetention(Optional.empty(), Duration.ZERO);

    /** How long a run asks for. */
    Optional<Duration> least() {
        return keep.map(time -> time.compareTo(settle) < 0 ? settle : time);
    }
}
