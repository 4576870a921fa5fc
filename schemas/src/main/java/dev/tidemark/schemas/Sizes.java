package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The sizes that a manifest says of a list of digests, one by one, in bytes. Empty where it says none of any. They are
 * primitive: a run has one for every reference.
 */
public final class Sizes {

    /** Where a manifest says no size. */
    public static final long UNKNOWN = -1;

    public static final Sizes NONE = new Sizes(new long[0]);

    private final long[] bytes;

    private Sizes(long[] bytes) {
        this.bytes = bytes;
    }

    /** Of so many digests. A negative one is as good as unknown. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Sizes of(long... bytes) {
        return LongStream.of(bytes).allMatch(size -> size < 0) ? NONE : new Sizes(bytes.clone());
    }

    /** Those of digests, in their order: {@link #UNKNOWN} for one that is not among the known. */
    public static Sizes of(List<Digest> digests, Map<Digest, Long> known) {
        return of(digests.stream()
                .mapToLong(digest -> known.getOrDefault(digest, UNKNOWN))
                .toArray());
    }

    /**
     * The sizes as a record has them.
     *
     * @param read null where they are left out
     * @throws IllegalArgumentException if they are not those of so many digests
     */
    static Sizes ofAll(List<Digest> digests, Sizes read) {
        if (read == null) {
            return NONE;
        }
        if (read.bytes.length != 0 && read.bytes.length != digests.size()) {
            throw new IllegalArgumentException("%d sizes of %d digests".formatted(read.bytes.length, digests.size()));
        }
        return read;
    }

    /** That of the digest with that index; {@link #UNKNOWN} where none is said. */
    public long at(int index) {
        return bytes.length == 0 ? UNKNOWN : Math.max(bytes[index], UNKNOWN);
    }

    /** The known ones, by the digests that they are of. */
    public Map<Digest, Long> by(List<Digest> digests) {
        var known = new HashMap<Digest, Long>();
        for (int i = 0; i < digests.size(); i++) {
            if (at(i) != UNKNOWN) {
                known.putIfAbsent(digests.get(i), at(i));
            }
        }
        return known;
    }

    @JsonValue
    long[] toJson() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sizes sizes && Arrays.equals(bytes, sizes.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Arrays.toString(bytes);
    }
}
