package dev.tidemark.kafka.topic;

import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * The settings by which a registry's topics are made where they aren't there yet.
 *
 * @param prefix of their names
 * @param partitions of the digest-keyed topics; empty for whatever they have, or else {@value #DEFAULT_PARTITIONS}
 * @param workPartitions of the topic {@code work}, where it is made
 * @param replication how many replicas; -1 for the cluster's own default
 * @param retention how long the records of a run can be replayed
 * @param runsRetention how long the runs themselves are remembered
 */
public record TopicSettings(
        String prefix,
        OptionalInt partitions,
        int workPartitions,
        short replication,
        Duration retention,
        Duration runsRetention) {

    public static final int DEFAULT_PARTITIONS = 12;
    public static final Duration DEFAULT_RETENTION = Duration.ofDays(30);
    public static final Duration DEFAULT_RUNS_RETENTION = Duration.ofDays(365);

    /** The defaults on a cluster. */
    public static TopicSettings defaults() {
        return new TopicSettings(
                Topics.DEFAULT_PREFIX,
                OptionalInt.empty(),
                DEFAULT_PARTITIONS,
                (short) -1,
                DEFAULT_RETENTION,
                DEFAULT_RUNS_RETENTION);
    }

    Topics topics(int existing) {
        return new Topics(prefix, existing);
    }
}
