package dev.tidemark.enumerator.publish;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** How far the enumeration is, for whoever wants to show it. */
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

  /** Manifests, layer links and blobs found. */
  public long records() {
    return records.sum();
  }
}
