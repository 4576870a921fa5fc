package dev.tidemark.sweeper;

import dev.tidemark.storage.config.CacheSettings;
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

    /** A registry that remembers in memory accepts pushes of what is gone. The next look heals those from the trash. */
    private static final Duration LEAST_BESIDE_A_MEMORY = Duration.ofHours(24);

    /**
     * The retention as it is asked for, but no less than a day where the registry remembers in memory what it has.
     *
     * @param asked empty to delete at once
     */
    public static TrashRetention of(Optional<Duration> asked, Duration settle, CacheSettings cache) {
        return new TrashRetention(
                cache instanceof CacheSettings.InMemory
                        ? asked.map(keep -> keep.compareTo(LEAST_BESIDE_A_MEMORY) < 0 ? LEAST_BESIDE_A_MEMORY : keep)
                        : asked,
                settle);
    }

    /** How long a run asks for. */
    Optional<Duration> least() {
        return keep.map(time -> time.compareTo(settle) < 0 ? settle : time);
    }
}
