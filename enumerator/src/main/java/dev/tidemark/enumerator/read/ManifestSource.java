package dev.tidemark.enumerator.read;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.manifest.StoredManifest;
import java.util.Optional;

/** Reads manifests: from the storage, or from what earlier runs have read of them. Called by many threads at once. */
public interface ManifestSource {

    /**
     * The manifest of that digest; empty if its blob is not there.
     *
     * @throws dev.tidemark.storage.ForbiddenException if it is there and may not be read
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     */
    Optional<StoredManifest> read(Digest digest);
}
