package dev.tidemark.sweeper.trash;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.config.CacheSettings;
import java.time.Duration;
import java.util.Optional;

/**
 * How long the trash keeps a file.
 *
 * @param keep at least, from when it was swept; empty if what is swept is deleted at once
 * @param settle how long after that the look begins that must have found no need of it: pushes that began before the
 *     file was swept are over by then
 * @param asked whether somebody has asked for that time: a trash that costs more than a deletion is used only then
 */
public record TrashRetention(Optional<Duration> keep, Duration settle, boolean asked) {

    /** No trash: swept files are deleted at once. */
    public static final TrashRetention NONE = new TrashRetention(Optional.empty(), Duration.ZERO, false);

    /** A registry that remembers in memory accepts pushes of what is gone. The next look heals those from the trash. */
    private static final Duration LEAST_BESIDE_A_MEMORY = Duration.ofHours(24);

    /**
     * The retention as it is asked for, but no less than a day where the registry remembers in memory what it has.
     * Where nobody knows whether it does, the default is a day, too: a time that somebody asks for says that it
     * doesn't.
     *
     * @param keep empty to delete at once
     * @param asked whether somebody has asked for it, and it is not the default
     */
    public static TrashRetention of(Optional<Duration> keep, boolean asked, Duration settle, CacheSettings cache) {
        boolean memory = cache instanceof CacheSettings.InMemory || (cache instanceof CacheSettings.Unknown && !asked);
        return new TrashRetention(
                memory
                        ? keep.map(time -> time.compareTo(LEAST_BESIDE_A_MEMORY) < 0 ? LEAST_BESIDE_A_MEMORY : time)
                        : keep,
                settle,
                asked);
    }

    /**
     * Where a sweep takes the files of a storage; empty if it deletes them at once.
     *
     * @throws StorageException if somebody has asked for a trash, and the storage has none
     */
    public Optional<Trash> trash(Storage storage) {
        if (keep.isEmpty()) {
            return Optional.empty();
        }
        Optional<Trash> trash = storage.trash();
        if (asked && trash.isEmpty()) {
            throw StorageException.settled(
                    "a trash is asked for, and this kind of storage has none: sweep without one (--keep-trash off)",
                    null);
        }
        return trash.filter(place -> asked || !place.onlyIfAsked());
    }

    /** How long a run asks for. */
    public Optional<Duration> least() {
        return keep.map(time -> time.compareTo(settle) < 0 ? settle : time);
    }
}
