package dev.tidemark.marker;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the marker's tasks of this process have taken in, for progress and metrics. */
public final class MarkerMeter {

    private final LongAdder enumerated = new LongAdder();
    private final LongAdder marks = new LongAdder();
    private final AtomicInteger superstep = new AtomicInteger();

    void enumerated(int records) {
        enumerated.add(records);
    }

    void marks(long count) {
        marks.add(count);
    }

    void superstep(int ended) {
        superstep.set(ended + 1);
    }

    /** Manifests, blobs and layer links taken in, and barriers. */
    public long enumerated() {
        return enumerated.sum();
    }

    /** Marks taken in. */
    public long marks() {
        return marks.sum();
    }

    /** The superstep that the process is in. */
    public int superstep() {
        return superstep.get();
    }
}
