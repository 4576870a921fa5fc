package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest;

/**
 * A blob in the storage.
 *
 * @param size bytes; 0 if it can't be looked at
 * @param modified when it was last written, in ms since the epoch; 0 if it can't be looked at
 * @param outOfRoot whether it lies behind a symbolic link out of the storage's root
 */
public record StoredBlob(Digest digest, long size, long modified, boolean outOfRoot) {}
