package dev.tidemark.kafka.worker;

import dev.tidemark.kafka.Cluster;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The transaction of a lane: the records that were sent, and how far the partition is done, are committed together or
 * not at all.
 */
final class LaneTransaction implements AutoCloseable {

    /**
     * The broker's own limit by default. A dead holder's transaction doesn't last so long: the next holder aborts it.
     */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Cluster cluster;
    private final TopicPartition partition;
    private final Supplier<ConsumerGroupMetadata> group;
    private final InFlightLimit inFlight;
    private final StopSignal signal;
    private final Producer<String, byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private boolean begun;

    /**
     * @param id that all holders of the partition have, one after the other
     * @param group the instance's membership as it is now: Kafka takes no offset from a member that it has put out of
     *     the group
     */
    LaneTransaction(
            Cluster cluster,
            TopicPartition partition,
            String id,
            Supplier<ConsumerGroupMetadata> group,
            InFlightLimit inFlight,
            StopSignal signal) {
        this.cluster = cluster;
        this.partition = partition;
        this.group = group;
        this.inFlight = inFlight;
        this.signal = signal;
        producer = cluster.transactional(id, LONGEST);
    }

    /**
     * Fences the last holder of the partition. The transaction that it had begun is settled then: aborted, unless its
     * commit was under way.
     */
    void fence() {
        producer.initTransactions();
    }

    void send(ProducerRecord<String, byte[]> record) {
        Exception earlier = failure.get();
        if (earlier != null) {
            throw new KafkaException("a record could not be written to Kafka: " + earlier.getMessage(), earlier);
        }
        begin();
        // A lane that is told to stop may have deleted something, and says so.
        int acquired = inFlight.acquire(record.value(), () -> signal.stopped() || failure.get() != null);
        try {
            producer.send(record, (metadata, exception) -> {
                inFlight.release(acquired);
                if (exception != null) {
                    failure.compareAndSet(null, exception);
                }
            });
        } catch (RuntimeException e) {
            inFlight.release(acquired);
            throw e;
        }
    }

    private void begin() {
        signal.requireNotCutOff();
        if (!begun) {
            producer.beginTransaction();
            begun = true;
        }
    }

    /** Whether anything was sent that is not committed yet. */
    boolean begun() {
        return begun;
    }

    /** Commits what was sent; fails if any of it did not arrive. */
    void commit() {
        begin();
        producer.commitTransaction();
        begun = false;
    }

    /** As {@link #commit()}, and how far the partition is done. */
    void commit(OffsetAndMetadata offset) {
        begin();
        producer.sendOffsetsToTransaction(Map.of(partition, offset), group.get());
        commit();
    }

    /**
     * Aborts what is open. If that can't be said to the broker, the next holder says it. May be called by any thread.
     */
    @Override
    public void close() {
        cluster.close(producer);
    }
}
