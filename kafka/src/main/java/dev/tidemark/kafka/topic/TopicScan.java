package dev.tidemark.kafka.topic;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Parsed;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads what is committed, now, in some partitions of a topic. */
public final class TopicScan {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Cluster cluster;

    public TopicScan(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Reads the partitions, each in its order.
     *
     * @param since leaves out what was written before, in ms since the epoch; empty to read from the beginning
     * @param goOn asked every so often
     * @param each told of every record that can be read
     * @return false if it was told to stop
     * @throws org.apache.kafka.common.KafkaException if it gets nowhere
     */
    public <T> boolean read(
            String topic,
            List<Integer> partitions,
            OptionalLong since,
            Class<T> type,
            BooleanSupplier goOn,
            Consumer<T> each) {
        List<TopicPartition> all = partitions.stream()
                .map(partition -> new TopicPartition(topic, partition))
                .toList();
        org.apache.kafka.clients.consumer.Consumer<String, Parsed<T>> consumer = cluster.reader(type);
        try {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            since.ifPresent(time -> consumer.offsetsForTimes(
                            all.stream().collect(Collectors.toMap(partition -> partition, partition -> time)))
                    .forEach((partition, found) ->
                            Optional.ofNullable(found).ifPresent(at -> consumer.seek(partition, at.offset()))));
            Map<TopicPartition, Long> left = new HashMap<>(consumer.endOffsets(all));
            var timeout = new ReadTimeout(cluster, consumer);
            while (goOn.getAsBoolean()) {
                left.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
                if (left.isEmpty()) {
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
        } finally {
            cluster.closeNow(consumer);
        }
    }
}
