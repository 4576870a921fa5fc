package dev.tidemark.kafka.topic;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Parsed;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Reads a topic of one partition, from its beginning or its end. For one thread at a time; {@link #wakeup()} is for
 * any.
 *
 * @param <T> the type of its records
 */
public final class TopicLog<T> implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Cluster cluster;
    private final org.apache.kafka.clients.consumer.Consumer<String, Parsed<T>> consumer;
    private final TopicPartition partition;
    private final Consumer<ConsumerRecord<String, Parsed<T>>> each;
    private final Runnable onLoss;
    private boolean positioned;

    /**
     * @param each told of every record, in order
     * @param onLoss told when records are gone that were not read yet: the topic was deleted, or cut off. Reading then
     *     begins anew
     */
    public TopicLog(
            Cluster cluster,
            String topic,
            Class<T> type,
            Consumer<ConsumerRecord<String, Parsed<T>>> each,
            Runnable onLoss) {
        this(cluster, cluster.strictReader(type), new TopicPartition(topic, 0), each, onLoss);
        consumer.seekToBeginning(List.of(partition));
    }

    private TopicLog(
            Cluster cluster,
            org.apache.kafka.clients.consumer.Consumer<String, Parsed<T>> consumer,
            TopicPartition partition,
            Consumer<ConsumerRecord<String, Parsed<T>>> each,
            Runnable onLoss) {
        this.cluster = cluster;
        this.consumer = consumer;
        this.partition = partition;
        this.each = each;
        this.onLoss = onLoss;
        consumer.assign(List.of(partition));
    }

    /** Reads a topic of one partition from its end on: what is written before the first poll may be left out. */
    public static <T> TopicLog<T> fromEnd(
            Cluster cluster, String topic, Class<T> type, Consumer<ConsumerRecord<String, Parsed<T>>> each) {
        var log = new TopicLog<>(cluster, cluster.strictReader(type), new TopicPartition(topic, 0), each, () -> {});
        log.consumer.seekToEnd(List.of(log.partition));
        return log;
    }

    /**
     * Reads all that a topic of one partition has now.
     *
     * @param what it has, in words: {@code pulls}
     * @param each told of every record, in order
     * @throws IllegalStateException if they can't be read, or not all of them
     */
    static <T> void read(
            Cluster cluster,
            String topic,
            Class<T> type,
            String what,
            Consumer<ConsumerRecord<String, Parsed<T>>> each) {
        boolean[] lost = {false};
        try (var log = new TopicLog<T>(cluster, topic, type, each, () -> lost[0] = true)) {
            log.toEnd();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            throw new IllegalStateException("the " + what + " in " + topic + " can't be read: " + cluster.why(e), e);
        }
        if (lost[0]) {
            throw new IllegalStateException("the topic " + topic + " was deleted, or cut off, while it was read");
        }
    }

    /**
     * Reads all that is there now.
     *
     * @throws KafkaException if it gets nowhere
     */
    public void toEnd() {
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        var timeout = new ReadTimeout(cluster, consumer);
        while (consumer.position(partition) < end) {
            timeout.check();
            poll(POLL);
        }
    }

    /** Reads what comes within the time. */
    public void poll(Duration atMost) {
        try {
            for (ConsumerRecord<String, Parsed<T>> record : consumer.poll(atMost)) {
                positioned = true;
                each.accept(record);
            }
        } catch (InvalidOffsetException e) {
            consumer.seekToBeginning(List.of(partition));
            if (positioned) {
                positioned = false;
                onLoss.run();
            }
        }
    }

    /** Ends a poll under way, or the next one, with a {@link org.apache.kafka.common.errors.WakeupException}. */
    public void wakeup() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        cluster.close(consumer);
    }
}
