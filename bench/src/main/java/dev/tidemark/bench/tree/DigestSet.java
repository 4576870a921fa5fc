package dev.tidemark.bench.tree;

/**
 * A fingerprint of a set of digests, by which two sets are compared: the number of digests, and the sum of their first
 * eight bytes, which does not depend on their order.
 */
public record DigestSet(long count, long sum) {

    public static final DigestSet EMPTY = new DigestSet(0, 0);

    public DigestSet plus(Sha256 digest) {
        return new DigestSet(count + 1, sum + digest.prefix());
    }

    DigestSet plus(DigestSet other) {
        return new DigestSet(count + other.count, sum + other.sum);
    }

    /** Without those of another one, all of which are in it. */
    public DigestSet minus(DigestSet other) {
        return new DigestSet(count - other.count, sum - other.sum);
    }
}
