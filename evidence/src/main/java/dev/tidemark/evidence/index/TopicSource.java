package dev.tidemark.evidence.index;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.ReadTimeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** The topics of a cluster: what is committed of them. */
final class TopicSource implements RecordSource, AutoCloseable {

    private static final Duration POLL = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;

    TopicSource(Cluster cluster) {
        this.cluster = cluster;
        consumer = cluster.rawReader();
    }

    @Override
    public List<Extent> extents(Collection<String> topics) {
        Map<String, List<PartitionInfo>> known = consumer.listTopics();
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            for (PartitionInfo partition : known.getOrDefault(topic, List.of())) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        return partitions.stream()
                .map(at -> new Extent(at.topic(), at.partition(), starts.get(at), ends.get(at)))
                .toList();
    }

    @Override
    public Map<Extent, Long> since(Collection<Extent> extents, long time) {
        var times = new HashMap<TopicPartition, Long>();
        extents.forEach(extent -> times.put(partition(extent), time));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        var since = new HashMap<Extent, Long>();
        for (Extent extent : extents) {
            OffsetAndTimestamp first = found.get(partition(extent));
            since.put(extent, first == null ? extent.end() : Math.max(first.offset(), extent.start()));
        }
        return since;
    }

    @Override
    public void read(Map<Extent, Long> from, Consumer<Entry> each) {
        var left = new HashMap<TopicPartition, Long>();
        from.forEach((extent, offset) -> {
            if (offset < extent.end()) {
                left.put(partition(extent), extent.end());
            }
        });
        consumer.assign(left.keySet());
        from.forEach((extent, offset) -> {
            if (left.containsKey(partition(extent))) {
                consumer.seek(partition(extent), offset);
            }
        });
        var timeout = new ReadTimeout(cluster, consumer);
        while (!left.isEmpty()) {
            timeout.check();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                Long end = left.get(new TopicPartition(record.topic(), record.partition()));
                if (end != null && record.offset() < end) {
                    each.accept(new Entry(
                            record.topic(),
                            record.partition(),
                            record.offset(),
                            record.timestamp(),
                            record.key(),
                            record.value()));
                }
            }
            List<TopicPartition> done = left.entrySet().stream()
                    .filter(at -> consumer.position(at.getKey()) >= at.getValue())
                    .map(Map.Entry::getKey)
                    .toList();
            consumer.pause(done);
            left.keySet().removeAll(done);
        }
    }

    private static TopicPartition partition(Extent extent) {
        return new TopicPartition(extent.topic(), extent.partition());
    }

    @Override
    public void close() {
        cluster.close(consumer);
    }
}
