package dev.tidemark.kafka.worker;

/** The partition is given back: work that was begun and isn't committed is undone. */
public final class LaneStoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LaneStoppedException() {
        super("the partition is given back");
    }
}
