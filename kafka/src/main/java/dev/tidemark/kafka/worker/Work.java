package dev.tidemark.kafka.worker;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The work of a service on one partition. It is made anew whenever the partition comes to this instance, or a
 * transaction had to be given up, and is called by one thread. Records that it sends count only once its {@link Lane}
 * has committed them.
 */
public interface Work<T> {

    /** Whether the next record may be taken together with those before it, at least one, if it is there already. */
    default boolean joins(List<ConsumerRecord<String, T>> before, T next) {
        return false;
    }

    /**
     * Takes records that join each other. All of them are done then, or none.
     *
     * @throws LaneStoppedException to give them back
     * @throws RuntimeException if something kept them from being done: they are tried again, one by one, from the last
     *     commit on
     */
    default void on(List<ConsumerRecord<String, T>> records, Lane lane) throws InterruptedException {
        for (ConsumerRecord<String, T> record : records) {
            on(record, lane);
        }
    }

    /**
     * Takes the next record.
     *
     * @throws LaneStoppedException to give it back
     * @throws RuntimeException if something kept it from being done: it is tried again, from the last commit on
     */
    void on(ConsumerRecord<String, T> record, Lane lane) throws InterruptedException;

    /** Called between records, and every so often when none come. */
    default void between(Lane lane) throws InterruptedException {}

    /** A record could not be done, however often it was tried, and is passed over. */
    void givenUp(ConsumerRecord<String, T> record, RuntimeException why, Lane lane);

    /** The text that is saved with the offset of a commit. */
    default String metadata() {
        return "";
    }

    /** Releases what it holds. */
    default void close() {}
}
