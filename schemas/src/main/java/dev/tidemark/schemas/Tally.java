package dev.tidemark.schemas;

/** A number of things and the bytes they take. */
public record Tally(long count, long bytes) {

    public static final Tally NONE = new Tally(0, 0);

    public Tally plus(long moreBytes) {
        return new Tally(count + 1, bytes + moreBytes);
    }

    public Tally plus(Tally other) {
        return new Tally(count + other.count, bytes + other.bytes);
    }
}
