package dev.tidemark.kafka.worker;

import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends the records that the work on a partition makes, and commits them together with how far the partition was worked
 * off.
 */
public interface Lane {

    /** The partition. */
    int partition();

    /** Sends a record within the transaction. Fails if the lane is stopped. */
    void send(ProducerRecord<String, byte[]> record);

    /** Commits what was sent and the position before the record at hand, or after it if it is done. */
    void commit();

    /** Whether the partition is to be given back: work that takes long looks, and ends. */
    boolean stopped();

    /** @throws LaneStoppedException if the partition is to be given back */
    default void requireGoing() {
        if (stopped()) {
            throw new LaneStoppedException();
        }
    }

    /**
     * Whether the partition is this instance's for sure: it was so lately that nobody else can have begun on it since.
     * Asked before each thing that no transaction undoes, by any thread.
     */
    boolean held();

    /**
     * Proves that the partition is this instance's, unless that was proved just now: Kafka takes a commit from no
     * other. As long as Kafka takes too long for that, it is asked again. Within the work on a record: its position is
     * the one before it.
     *
     * @return whether that was known lately. If not, the process may have been stopped, and what it found out before
     *     may no longer be so
     * @throws LaneStoppedException if it is to be given back
     * @throws org.apache.kafka.common.KafkaException if it is another's
     */
    boolean prove() throws InterruptedException;
}
