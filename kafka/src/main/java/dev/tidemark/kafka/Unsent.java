package dev.tidemark.kafka;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.InterruptException;

/**
 * What all lanes of a process have on their way to Kafka. Each has a producer that must be able to take a record of the largest size: when Kafka is slow,
 * all of them together would fill the heap.
 */
final class Unsent {

  /** Long enough for the largest to get its turn: whoever looks again waits behind the others. */
  private static final long LOOK_MILLIS = 1_000;

  private final int most;
  private final Semaphore room;

  /**
   * @param most bytes; a larger record takes the room of all
   */
  Unsent(int most) {
    this.most = most;
    room = new Semaphore(most, true);
  }

  /**
   * Waits until there is room for a record.
   *
   * @param over whether nobody should wait any more
   * @return the bytes to give back by {@link #sent}
   */
  int take(byte[] record, BooleanSupplier over) {
    int bytes = record == null ? 0 : Math.min(most, record.length);
    try {
      while (!over.getAsBoolean()) {
        if (room.tryAcquire(bytes, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          return bytes;
        }
      }
      return 0;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Gives back what was taken: the record has arrived, or never will. */
  void sent(int bytes) {
    room.release(bytes);
  }
}
