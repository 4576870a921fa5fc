package dev.tidemark.kafka.worker;

import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Counts how often the work on a record has failed. Records that failed together are taken one by one, to know which of
 * them it is, and one that fails too often is given up. For one thread.
 */
final class Attempts {

    static final int MOST = 5;

    /** How Kafka says that the partition, or its transactional id, is another's. */
    private static final Set<Class<? extends Exception>> LOST = Set.of(
            CommitFailedException.class,
            ProducerFencedException.class,
            InvalidProducerEpochException.class,
            FencedInstanceIdException.class);

    /** How Kafka says that a coordinator has moved, and is not ready yet. That passes. */
    private static final Set<Class<? extends Exception>> MOVED = Set.of(
            CoordinatorLoadInProgressException.class,
            CoordinatorNotAvailableException.class,
            NotCoordinatorException.class);

    /**
     * The offsets of the records at hand: the first, or -1 if there is none, and the last that was taken together with
     * others.
     */
    private long first = -1;

    private long last = -1;

    private long failedOffset = -1;
    private long failedUntil = -1;
    private int failures;
    private RuntimeException lastFailure;

    /** No record is at hand: the lane has been opened anew. */
    void reset() {
        first = -1;
    }

    /** A record is at hand. */
    void begin(long offset) {
        first = offset;
    }

    /** It is taken together with those up to this offset. */
    void upTo(long offset) {
        last = offset;
    }

    /**
     * The work on what is at hand has failed. A partition that another has taken, and a coordinator that is not ready,
     * are no fault of its records.
     */
    void failed(RuntimeException failure) {
        if (first >= 0 && !noFault(failure)) {
            failures = first == failedOffset ? failures + 1 : 1;
            failedOffset = first;
            failedUntil = Math.max(failedUntil, last);
            lastFailure = failure;
        }
    }

    private static boolean noFault(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getClass)
                .anyMatch(type -> LOST.contains(type) || MOVED.contains(type));
    }

    /** Whether the record has failed too often. */
    boolean exhausted(long offset) {
        return offset == failedOffset && failures >= MOST;
    }

    /** Whether the record is to be taken alone. */
    boolean alone(long offset) {
        return offset <= failedUntil;
    }

    /** Why the last attempt has failed. */
    RuntimeException lastFailure() {
        return lastFailure;
    }
}
