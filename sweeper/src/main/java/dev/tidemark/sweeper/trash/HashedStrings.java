package dev.tidemark.sweeper.trash;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A set of strings that keeps a hash of each, and no string: it takes eleven to twenty-two bytes each, where a set of
 * objects takes two hundred. Two strings may have one hash, of ten million some once in four hundred thousand times:
 * only for questions to which a wrong yes does no harm. Nobody can choose strings for it, as each set hashes in its own
 * way. Several threads may use it.
 */
public final class HashedStrings {

    private static final int SMALLEST = 1 << 10;
    private static final long UNUSED = 0;

    private final long start = ThreadLocalRandom.current().nextLong();
    private final long factor = ThreadLocalRandom.current().nextLong() | 1;
    /** Open addressing: a hash is in the first slot from its own on that was free. */
    private long[] slots = new long[SMALLEST];

    private int used;

    /** Whether it is new. */
    public synchronized boolean add(String string) {
        long hash = hash(string);
        int slot = slot(slots, hash);
        if (slots[slot] == hash) {
            return false;
        }
        slots[slot] = hash;
        used++;
        if (used > slots.length / 4L * 3) {
            grow();
        }
        return true;
    }

    /** Whether it was added. */
    public synchronized boolean contains(String string) {
        long hash = hash(string);
        return slots[slot(slots, hash)] == hash;
    }

    private void grow() {
        long[] larger = new long[Math.multiplyExact(slots.length, 2)];
        Arrays.stream(slots).filter(hash -> hash != UNUSED).forEach(hash -> larger[slot(larger, hash)] = hash);
        slots = larger;
    }

    /** Where the hash is, or would be. */
    private static int slot(long[] slots, long hash) {
        int slot = (int) (hash >>> 32) & (slots.length - 1);
        while (slots[slot] != UNUSED && slots[slot] != hash) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    private long hash(String string) {
        long hash = start;
        for (int i = 0; i < string.length(); i++) {
            hash = (hash ^ string.charAt(i)) * factor;
            hash ^= hash >>> 32;
        }
        return hash == UNUSED ? 1 : hash;
    }
}
