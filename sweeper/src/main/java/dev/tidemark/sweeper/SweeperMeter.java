package dev.tidemark.sweeper;

import java.util.concurrent.atomic.LongAdder;

/** How far the sweep is, for whoever wants to show it. */
public final class SweeperMeter {

  private final LongAdder done = new LongAdder();
  private final LongAdder bytesFreed = new LongAdder();

  void done(long bytes) {
    done.increment();
    bytesFreed.add(bytes);
  }

  /** Eligible records worked off, whatever became of them. */
  public long done() {
    return done.sum();
  }

  public long bytesFreed() {
    return bytesFreed.sum();
  }
}
