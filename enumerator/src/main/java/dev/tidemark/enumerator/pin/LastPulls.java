package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest.Algorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The last pulls of a registry's tags and manifests, by their references: eight bytes each. Of a reference, a part of
 * its hash is held. Two that have it in common, one in a million among a million, count as pulled when either was.
 */
public final class LastPulls {

    /** Of a registry whose pulls nobody collects. */
    public static final LastPulls NONE = new LastPulls(null, new long[0], 0);

    private static final long HOUR = Duration.ofHours(1).toMillis();

    /** A number has a hash in its upper bits, and hours since the epoch in these: enough for two thousand years. */
    private static final int HOUR_BITS = 24;

    private static final long LAST_HOUR = (1L << HOUR_BITS) - 1;

    private final Long since;
    private final long[] pulls;
    private final int size;

    private LastPulls(Long since, long[] pulls, int size) {
        this.since = since;
        this.pulls = pulls;
        this.size = size;
    }

    /** From when on every pull is known, in ms since the epoch; null if nobody collects them. */
    public Long since() {
        return since;
    }

    /** When the reference was last pulled, in ms since the epoch: no later than that, and an hour earlier at most. */
    OptionalLong of(String reference) {
        long hash = hash(reference);
        int found = Arrays.binarySearch(pulls, 0, size, hash | LAST_HOUR);
        int last = found >= 0 ? found : -found - 2;
        return last >= 0 && (pulls[last] & ~LAST_HOUR) == hash
                ? OptionalLong.of((pulls[last] & LAST_HOUR) * HOUR)
                : OptionalLong.empty();
    }

    private static long hash(String reference) {
        byte[] hash = new byte[Algorithm.SHA256.bytes()];
        Algorithm.SHA256.of(reference.getBytes(StandardCharsets.UTF_8)).copyTo(hash, 0);
        return ByteBuffer.wrap(hash).getLong() & ~LAST_HOUR;
    }

    /** Takes pulls in any order. */
    public static final class Builder {

        private static final int FIRST_SIZE = 1024;

        private long[] pulls = new long[FIRST_SIZE];
        private int size;

        /** @param at in ms since the epoch; empty if it may be any time */
        public void add(String reference, OptionalLong at) {
            if (size == pulls.length) {
                compact();
                if (size > pulls.length / 2) {
                    pulls = Arrays.copyOf(pulls, 2 * pulls.length);
                }
            }
            long hours = at.isEmpty() ? LAST_HOUR : Math.clamp(Math.ceilDiv(at.getAsLong(), HOUR), 0, LAST_HOUR);
            pulls[size++] = hash(reference) | hours;
        }

        /** Sorts them, and keeps the last of each reference. */
        private void compact() {
            Arrays.sort(pulls, 0, size);
            int kept = 0;
            for (int i = 0; i < size; i++) {
                boolean last = i == size - 1 || (pulls[i] & ~LAST_HOUR) != (pulls[i + 1] & ~LAST_HOUR);
                if (last) {
                    pulls[kept++] = pulls[i];
                }
            }
            size = kept;
        }

        /** @param since from when on every pull is known, in ms since the epoch */
        public LastPulls build(long since) {
            compact();
            return new LastPulls(since, Arrays.copyOf(pulls, size), size);
        }
    }
}
