package dev.tidemark.storage.layout;

import dev.tidemark.schemas.Witness;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.time.Instant;
import java.util.Optional;

/** Tells a storage from another, or from a copy, by what a run has found in it. */
public final class KnownStorage {

    private KnownStorage() {}

    /**
     * Looks for a blob.
     *
     * @return why the storage is not the one that it was found in, in words; empty if it may be
     * @throws StorageException if the storage does not answer
     */
    public static Optional<String> contradiction(Storage storage, Witness witness) {
        Optional<Storage.Stat> there = storage.stat(Layout.blobData(witness.digest()));
        if (there.isEmpty()) {
            return Optional.of("the blob " + witness.digest() + " is not there");
        }
        long modified = there.get().modified();
        return witness.agrees(modified)
                ? Optional.empty()
                : Optional.of("the blob %s was written at %s, and not at %s"
                        .formatted(
                                witness.digest(),
                                Instant.ofEpochMilli(modified),
                                Instant.ofEpochMilli(witness.modified())));
    }

    /** The failure of a run that meets another storage than its own. */
    public static IllegalStateException another(Storage storage, String why) {
        return new IllegalStateException(
                ("the storage here, %s, is not the one that the run was planned on: %s. Plan another run, "
                                + "and give the services of each registry a TIDEMARK_PREFIX of their own")
                        .formatted(storage.description(), why));
    }
}
