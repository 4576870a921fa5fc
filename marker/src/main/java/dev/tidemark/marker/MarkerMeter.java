package dev.tidemark.marker;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the marker's tasks of this process have done, for whoever wants to show it. */
public final class MarkerMeter {

  private final LongAdder enumerated = new LongAdder();
  private final LongAdder marks = new LongAdder();
  private final AtomicInteger superstep = new AtomicInteger();

  void enumeratedRecord() {
    enumerated.increment();
  }

  void mark() {
    marks.increment();
  }

  void superstep(int ended) {
    superstep.set(ended + 1);
  }

  /** Records of the enumerator taken in, barriers included. */
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
