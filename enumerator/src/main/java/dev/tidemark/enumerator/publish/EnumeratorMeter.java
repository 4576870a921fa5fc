package dev.tidemark.enumerator.publish;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts how far an enumeration is, to be shown: items planned and done, records sent. */
public final class EnumeratorMeter {

    private final AtomicLong items = new AtomicLong();
    private final LongAdder itemsDone = new LongAdder();
    private final LongAdder records = new LongAdder();

    public void items(long count) {
        items.set(count);
    }

    public void itemDone() {
        itemsDone.increment();
    }

    void record() {
        records.increment();
    }

    /** Repositories and blob shards that there are to read; 0 as long as they are not known. */
    public long items() {
        return items.get();
    }

    /** Repositories and blob shards that are read. */
    public long itemsDone() {
        return itemsDone.sum();
    }

    /** ManifestSource, layer links and blobs found. */
    public long records() {
        return records.sum();
    }
}
