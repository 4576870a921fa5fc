package dev.tidemark.schemas;

import java.time.Duration;
import java.util.Comparator;

/**
 * A blob of a storage, as somebody has found it. A registry never writes a blob's file again, so whoever finds it with
 * another time, or not at all, has another storage before it.
 *
 * @param modified when its file was written, in ms since the epoch
 */
public record Witness(Digest digest, long modified) {

    /** A storage may tell times to the second, and to one service more exactly than to another. */
    public static final Duration TIMES_DIFFER = Duration.ofSeconds(1);

    /** The latest first. */
    static final Comparator<Witness> LATEST =
            Comparator.comparingLong(Witness::modified).reversed().thenComparing(Witness::digest);

    public Witness {
        Fields.require(digest);
    }

    /** Whether the file that was written then may be this one. */
    public boolean agrees(long written) {
        return Math.abs(modified - written) < TIMES_DIFFER.toMillis();
    }
}
