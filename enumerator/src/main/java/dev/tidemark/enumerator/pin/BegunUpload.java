package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest;

/**
 * An upload that was begun in a repository, as its storage has it.
 *
 * @param digest of its path
 * @param id its directory's name
 * @param modified when anything of it was last written, in ms since the epoch
 * @param bytes of all its files
 * @param unreadable why its age can't be told, or null
 */
public record BegunUpload(Digest digest, String id, long modified, long bytes, String unreadable) {}
