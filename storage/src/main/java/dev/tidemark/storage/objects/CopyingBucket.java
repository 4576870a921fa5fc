package dev.tidemark.storage.objects;

import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.StorageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A bucket that tells the versions of an object apart, and copies one of them by itself. */
public interface CopyingBucket extends Bucket {

    /**
     * An object.
     *
     * @param version of its content; null for any
     */
    record Version(String key, Stat stat, String version) {}

    /** How a copy ended. */
    enum Copied {
        /** It is there, and whole. */
        DONE,
        /** There is no object to copy. */
        GONE,
        /** Another object is there, and was not to be replaced. */
        IN_PLACE
    }

    /** An object as it is now; empty if it is not there. */
    Optional<Version> version(String path, String key);

    /**
     * The same of one that is to go.
     *
     * @throws StorageException if it was written since it was last looked at
     */
    Optional<Version> unchanged(String path, String key);

    /**
     * Copies an object, as long as it has that version.
     *
     * @param path for messages
     * @param replace whether what is there may be replaced
     * @param allowed asked before each try of a request
     * @throws StorageException if it could not be copied whole, or was written since
     */
    Copied copy(String path, Version from, String to, boolean replace, BooleanSupplier allowed);

    /**
     * Deletes objects, each as long as it has its version, many in a request.
     *
     * @param allowed asked before each try of a request
     * @return why not, for each key that is not deleted
     */
    Map<String, StorageException> deleteVersions(List<Version> objects, BooleanSupplier allowed);

    /** How much later an object's time may be than it is said. */
    Duration rounding();
}
