package dev.tidemark.enumerator.read;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.manifest.StoredManifest;
import java.util.Optional;

/** Where manifests are read. Called by many threads at once. */
public interface Manifests {

  /**
   * The manifest of that digest; empty if its blob is not there.
   *
   * @throws dev.tidemark.storage.ForbiddenException if it is there and may not be read
   * @throws dev.tidemark.storage.StorageException if the storage does not answer
   */
  Optional<StoredManifest> read(Digest digest);
}
