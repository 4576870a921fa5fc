package dev.tidemark.bench;

/**
 * A fingerprint of a set of digests, by which two sets are compared: the number of digests, and the sum of their first
 * eight bytes, which does not depend on their order.
 */
record DigestSet(long count, long sum) {

    static final DigestSet EMPTY = new DigestSet(0, 0);

    DigestSet plus(Sha256 digest) {
        return new DigestSet(count + 1, sum + digest.prefix());
    }

    DigestSet plus(DigestSet other) {
        return new DigestSet(count + other.count, sum + other.sum);
    }

    /** Without those of another one, all of which are in it. */
    DigestSet minus(DigestSet other) {
        return new DigestSet(count - other.count, sum - other.sum);
    }
}
