package dev.tidemark.cli.faults;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/** The deletions that a cluster has of a run. */
final class RecordedDeletions {

    private RecordedDeletions() {}

    /** A line each. */
    static List<String> of(Cluster cluster, RunId run) {
        var all = new ArrayList<String>();
        try (var consumer = cluster.reader(DeletionRecord.class)) {
            List<TopicPartition> partitions = IntStream.range(
                            0, cluster.topics().partitions())
                    .mapToObj(p -> new TopicPartition(cluster.topics().deletions(), p))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = new HashMap<>(consumer.endOffsets(partitions));
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.value() instanceof Parsed.Readable<DeletionRecord>(DeletionRecord deletion)
                            && deletion.run().equals(run)) {
                        all.add("%s %s %s %s"
                                .formatted(
                                        deletion.outcome(), deletion.kind(), deletion.repository(), deletion.digest()));
                    }
                });
            }
        }
        return all;
    }
}
