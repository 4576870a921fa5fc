package dev.tidemark.kafka.topic;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Parsed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads what is committed, now, in partitions of a topic. For one thread.
 *
 * @param <T> what its records say
 */
public final class TopicScan<T> implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Cluster cluster;
    private final String topic;
    private final org.apache.kafka.clients.consumer.Consumer<String, Parsed<T>> consumer;

    public TopicScan(Cluster cluster, String topic, Class<T> type) {
        this.cluster = cluster;
        this.topic = topic;
        consumer = cluster.reader(type);
    }

    /**
     * Reads a partition, in its order.
     *
     * @param since leaves out what was written before, in ms since the epoch; empty to read from the beginning
     * @param goOn asked every so often
     * @param each told of every record that can be read
     * @return false if it was told to stop
     * @throws org.apache.kafka.common.KafkaException if it gets nowhere
     */
    public boolean read(int partition, OptionalLong since, BooleanSupplier goOn, Consumer<T> each) {
        var at = new TopicPartition(topic, partition);
        consumer.assign(List.of(at));
        consumer.seekToBeginning(List.of(at));
        since.ifPresent(time -> Optional.ofNullable(
                        consumer.offsetsForTimes(Map.of(at, time)).get(at))
                .ifPresent(found -> consumer.seek(at, found.offset())));
        long end = consumer.endOffsets(List.of(at)).get(at);
        var timeout = new ReadTimeout(cluster, consumer);
        while (goOn.getAsBoolean()) {
            if (consumer.position(at) >= end) {
                return true;
            }
            timeout.check();
            for (ConsumerRecord<String, Parsed<T>> record : consumer.poll(POLL)) {
                if (record.value() instanceof Parsed.Readable<T>(T value)) {
                    each.accept(value);
                }
            }
        }
        return false;
    }

    @Override
    public void close() {
        cluster.closeNow(consumer);
    }
}
