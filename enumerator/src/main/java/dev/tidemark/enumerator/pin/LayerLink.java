package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest;

/**
 * A repository's link to a blob.
 *
 * @param digest of the link's path
 * @param modified when it was last written, in ms since the epoch; 0 if it can't be looked at
 * @param target the digest that it names, if that is another one than its path's; else null
 * @param outOfRoot whether it lies behind a symbolic link out of the storage's root
 */
public record LayerLink(Digest digest, long modified, Digest target, boolean outOfRoot) {}
