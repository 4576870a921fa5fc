package dev.tidemark.marker.rows;

import dev.tidemark.schemas.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of the marker's store. A key is the digest (a byte for the algorithm, then the hash), a byte for the kind of
 * row, and the repository's name: the rows of a digest lie side by side, and the one under the digest itself comes
 * first.
 */
final class RowKey {

    static final byte DIGEST = 0;
    static final byte LINK = 1;
    static final byte MANIFEST = 2;
    static final byte REFERRERS = 3;

    private static final Digest.Algorithm[] ALGORITHMS = Digest.Algorithm.values();

    private RowKey() {}

    static byte[] of(Digest digest) {
        return of(digest, DIGEST, "");
    }

    static byte[] of(Digest digest, byte kind, String repository) {
        byte[] name = repository.getBytes(StandardCharsets.UTF_8);
        int hash = digest.algorithm().bytes();
        byte[] key = new byte[1 + hash + 1 + name.length];
        key[0] = (byte) digest.algorithm().ordinal();
        digest.copyTo(key, 1);
        key[1 + hash] = kind;
        System.arraycopy(name, 0, key, 2 + hash, name.length);
        return key;
    }

    static Digest digest(byte[] key) {
        return Digest.of(algorithm(key[0]), key, 1);
    }

    static byte kind(byte[] key) {
        return key[prefixLength(key)];
    }

    static String repository(byte[] key) {
        int start = prefixLength(key) + 1;
        return new String(key, start, key.length - start, StandardCharsets.UTF_8);
    }

    /** Whether two keys are of one digest. */
    static boolean sameDigest(byte[] a, byte[] b) {
        int length = prefixLength(a);
        return length == prefixLength(b) && Arrays.equals(a, 0, length, b, 0, length);
    }

    private static int prefixLength(byte[] key) {
        return 1 + algorithm(key[0]).bytes();
    }

    static Digest.Algorithm algorithm(byte ordinal) {
        return ALGORITHMS[ordinal];
    }
}
