package dev.tidemark.kafka.worker;

import dev.tidemark.kafka.Cluster;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * All that the lanes of an instance have in common.
 *
 * @param name of the service
 * @param group the id of the group that commits
 * @param membership of this instance in the group, as it is now
 * @param session how long the group waits for a silent instance
 * @param onFailure told when a partition is worked off no more because of an error
 */
record LaneContext<T>(
        Cluster cluster,
        String name,
        String group,
        Class<T> type,
        Supplier<ConsumerGroupMetadata> membership,
        Claim.Session session,
        Lanes.Start<T> start,
        UnreadableRecords unreadable,
        InFlightLimit inFlight,
        Consumer<Throwable> onFailure) {}
