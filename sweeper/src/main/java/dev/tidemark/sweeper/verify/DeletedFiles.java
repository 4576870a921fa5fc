package dev.tidemark.sweeper.verify;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import java.util.BitSet;

/**
 * The files that a run has deleted, as a filter: it knows every one of them, and takes one in some hundred others for
 * one. It needs two to four bytes a file. Once it is filled, several threads may ask it.
 */
final class DeletedFiles {

    private static final int BITS_PER_FILE = 16;
    private static final int PROBES = 4;
    private static final int LEAST = 1 << 10;
    private static final int MOST = 1 << 30;

    private final BitSet bits;
    private final long mask;

    /** @param files how many there will be, about */
    DeletedFiles(long files) {
        long wanted = Math.clamp(files * BITS_PER_FILE, LEAST, MOST);
        int size = Integer.highestOneBit((int) wanted - 1) << 1;
        bits = new BitSet(size);
        mask = size - 1L;
    }

    /** @param repository null for a blob */
    void add(Kind kind, Digest digest, String repository) {
        long hash = hash(kind, digest, repository);
        for (int probe = 0; probe < PROBES; probe++) {
            bits.set(bit(hash, probe));
        }
    }

    /** Whether it may be one of them. */
    boolean mayHave(Kind kind, Digest digest, String repository) {
        long hash = hash(kind, digest, repository);
        for (int probe = 0; probe < PROBES; probe++) {
            if (!bits.get(bit(hash, probe))) {
                return false;
            }
        }
        return true;
    }

    /** An odd step goes through all bits. */
    private int bit(long hash, int probe) {
        return (int) (hash + probe * (hash >>> Integer.SIZE | 1) & mask);
    }

    /** Mixes the parts: every bit depends on all of them (Steele et al., "Fast splittable pseudorandom numbers"). */
    private static long hash(Kind kind, Digest digest, String repository) {
        long names = ((long) (repository == null ? 0 : repository.hashCode()) << 2) + kind.ordinal();
        long mixed = (long) digest.hashCode() << Integer.SIZE ^ names;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }
}
