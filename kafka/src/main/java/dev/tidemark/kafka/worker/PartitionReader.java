package dev.tidemark.kafka.worker;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Parsed;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of one partition, from the offset on that its group has committed. For one thread. */
final class PartitionReader<T> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

    private final Cluster cluster;
    private final String group;
    private final TopicPartition partition;
    private final Consumer<String, Parsed<T>> consumer;
    private final Deque<ConsumerRecord<String, Parsed<T>>> waiting = new ArrayDeque<>();

    PartitionReader(Cluster cluster, String group, TopicPartition partition, Class<T> type) {
        this.cluster = cluster;
        this.group = group;
        this.partition = partition;
        consumer = cluster.assigned(group, type);
    }

    /**
     * Goes to where the partition's last holder has come. It is fenced by then.
     *
     * @return the committed offset; empty if there is none
     * @throws KafkaException if it can't be told
     */
    Optional<OffsetAndMetadata> seekToCommitted() throws InterruptedException {
        consumer.assign(Set.of(partition));
        Optional<OffsetAndMetadata> committed = committed();
        committed.ifPresentOrElse(
                offset -> consumer.seek(partition, offset), () -> consumer.seekToBeginning(Set.of(partition)));
        return committed;
    }

    private Optional<OffsetAndMetadata> committed() throws InterruptedException {
        try {
            return Optional.ofNullable(
                    consumer.committed(Set.of(partition), LONGEST_ANSWER).get(partition));
        } catch (RetriableException e) {
            LOG.warn("{} does not say yet where to go on with {}: {}", group, partition, e.getMessage());
            return committedWithoutPending();
        }
    }

    /**
     * Kafka gives a consumer no offset as long as a transaction may still change it. When the last holder is fenced,
     * what it had begun is settled, and nobody else commits for the partition. So an offset that is pending after that
     * stays so: a group's coordinator was seen to keep one once its broker had stood still in the middle of a commit.
     */
    private Optional<OffsetAndMetadata> committedWithoutPending() throws InterruptedException {
        try (Admin admin = cluster.admin()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition))),
                            new ListConsumerGroupOffsetsOptions()
                                    .requireStable(false)
                                    .timeoutMs((int) LONGEST_ANSWER.toMillis()))
                    .partitionsToOffsetAndMetadata(group)
                    .get();
            // Kafka leaves out what it can't tell.
            if (!offsets.containsKey(partition)) {
                throw new KafkaException("Kafka does not say what " + group + " has committed for " + partition);
            }
            LOG.warn("{} goes on with {} from what is committed, whatever is pending there", group, partition);
            return Optional.ofNullable(offsets.get(partition));
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "Kafka does not say what " + group + " has committed for " + partition, e.getCause());
        }
    }

    /** The next record; waits for it, so long. */
    Optional<ConsumerRecord<String, Parsed<T>>> next(Duration atMost) {
        fill(atMost);
        return Optional.ofNullable(waiting.poll());
    }

    /** The record after the last one, if it is here already. It is still the {@link #next}. */
    Optional<ConsumerRecord<String, Parsed<T>>> peek() {
        return Optional.ofNullable(waiting.peek());
    }

    /** Whether no record is here. */
    boolean isEmpty() {
        fill(Duration.ZERO);
        return waiting.isEmpty();
    }

    private void fill(Duration atMost) {
        if (waiting.isEmpty()) {
            consumer.poll(atMost).forEach(waiting::add);
        }
    }

    @Override
    public void close() {
        cluster.closeNow(consumer);
    }
}
