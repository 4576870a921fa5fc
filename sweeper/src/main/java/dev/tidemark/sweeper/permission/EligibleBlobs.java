package dev.tidemark.sweeper.permission;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds in {@code eligible} which blobs a run lets go. */
public record EligibleBlobs(Cluster cluster) implements EnumeratedStorage.Released {

    @Override
    public Set<Digest> of(Run run, Set<Digest> blobs, Runnable goingOn) {
        Set<Digest> found = new HashSet<>();
        try (var records = new TopicScan<>(cluster, cluster.topics().eligible(), EligibleRecord.class)) {
            for (int partition : blobs.stream().map(cluster.topics()::partition).collect(Collectors.toSet())) {
                records.read(partition, run.requested(), goingOn, record -> {
                    if (record instanceof Eligible eligible
                            && eligible.run().equals(run.id())
                            && eligible.kind() == Kind.BLOB
                            && blobs.contains(eligible.digest())) {
                        found.add(eligible.digest());
                    }
                });
            }
        }
        return found;
    }
}
