package dev.tidemark.kafka.worker;

/**
 * Tells a lane that its partition is to be given back: first to end by itself, and later that nothing it does counts
 * any more.
 */
final class StopSignal {

    private volatile boolean stopped;
    private volatile boolean cutOff;

    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    void cutOff() {
        cutOff = true;
    }

    void requireGoing() {
        if (stopped) {
            throw new LaneStoppedException();
        }
    }

    /** A lane that is to stop may still say what it has deleted, unless it is cut off. */
    void requireNotCutOff() {
        if (cutOff) {
            throw new LaneStoppedException();
        }
    }
}
