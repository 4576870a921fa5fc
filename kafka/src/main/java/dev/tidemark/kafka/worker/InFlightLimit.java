package dev.tidemark.kafka.worker;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Limits the bytes that all producers of a process's lanes have on their way to Kafka. Each producer must be able to
 * take a record of the largest size: when Kafka is slow, all of them together would fill the heap.
 */
final class InFlightLimit {

    /** Long enough for the largest record to get its turn: a lane that asks again waits behind the others. */
    private static final long LOOK_MILLIS = 1_000;

    private final int most;
    private final Semaphore room;

    /**
     * @param most bytes; a larger record takes the room of all
     */
    InFlightLimit(int most) {
        this.most = most;
        room = new Semaphore(most, true);
    }

    /**
     * Waits until there is room for a record.
     *
     * @param over whether to wait no longer
     * @return the bytes to {@link #release}
     */
    int acquire(byte[] record, BooleanSupplier over) {
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

    /** Gives back what was acquired: the record has arrived, or never will. */
    void release(int bytes) {
        room.release(bytes);
    }
}
