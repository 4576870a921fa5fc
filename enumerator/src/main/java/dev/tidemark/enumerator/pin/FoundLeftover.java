package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Kind;

/**
 * A leftover as its storage has it.
 *
 * @param digest of its whole path
 * @param path of an upload, a multipart upload, a directory or a link, below that of its repository, if it is in one;
 *     null for a repository
 * @param modified when anything of it was last written, or when it was begun if that is later, in ms since the epoch;
 *     of a link, since when it is known to name nothing, if that is later
 * @param bytes of all its files, or parts
 * @param kept why it is kept, however old it is, or null
 * @param names the manifest that a link names; null for anything else
 * @param tag whose current link it is; null for anything else
 */
public record FoundLeftover(
        Kind kind, Digest digest, String path, long modified, long bytes, String kept, Digest names, String tag) {

    /** Of anything but a link. */
    public FoundLeftover(Kind kind, Digest digest, String path, long modified, long bytes, String kept) {
        this(kind, digest, path, modified, bytes, kept, null, null);
    }

    /**
     * Its record.
     *
     * @param pinned why it is kept, or null
     */
    public EnumeratedRecord.Leftover record(String pinned) {
        return new EnumeratedRecord.Leftover(kind, digest, path, modified, bytes, pinned);
    }
}
