package dev.tidemark.kafka.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lanes of the partitions that an instance holds, one a partition. Changed by one thread, and read by any. */
final class HeldLanes<T> {

    private static final Logger LOG = LoggerFactory.getLogger(HeldLanes.class);

    /** How long lanes that are told to stop may go on with their work. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    /** How long they may take to end once they are cut off. */
    private static final Duration LONGEST_END = Duration.ofSeconds(1);

    private final LaneContext<T> context;
    private final Map<TopicPartition, PartitionLane<T>> lanes = new ConcurrentHashMap<>();

    HeldLanes(LaneContext<T> context) {
        this.context = context;
    }

    /**
     * Starts the partitions' lanes. A lane that a partition has already is stopped first: two of this instance would
     * fence each other again and again, and nothing would ever stop the earlier one.
     */
    void start(Collection<TopicPartition> partitions) {
        stop(partitions);
        for (TopicPartition partition : partitions) {
            var lane = new PartitionLane<>(context, partition);
            lanes.put(partition, lane);
            lane.start();
        }
    }

    /** Stops all lanes, as {@link #stop(Collection)}. */
    void stop() {
        stop(List.copyOf(lanes.keySet()));
    }

    /**
     * Stops the partitions' lanes, within seconds: a lane that waits for the storage must not keep the process waiting,
     * or those who share its group.
     */
    void stop(Collection<TopicPartition> partitions) {
        List<PartitionLane<T>> all =
                partitions.stream().map(lanes::get).filter(Objects::nonNull).toList();
        all.forEach(PartitionLane::stop);
        List<PartitionLane<T>> hanging = notEnded(all, LONGEST_STOP);
        if (!hanging.isEmpty()) {
            LOG.warn(
                    "the {} drops its work on partitions {} of {}, as no answer comes: their next holder does it again",
                    context.name(),
                    hanging.stream().map(PartitionLane::partition).sorted().toList(),
                    partitions.iterator().next().topic());
        }
        hanging.forEach(PartitionLane::cutOff);
        notEnded(hanging, LONGEST_END).forEach(PartitionLane::abort);
        partitions.forEach(lanes::remove);
    }

    private static <T> List<PartitionLane<T>> notEnded(List<PartitionLane<T>> lanes, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        return lanes.stream().filter(lane -> !lane.ended(deadline)).toList();
    }

    /** Whether all of them are being worked off. */
    boolean working() {
        return lanes.values().stream().allMatch(PartitionLane::working);
    }

    Set<Integer> partitions() {
        return lanes.keySet().stream().map(TopicPartition::partition).collect(Collectors.toSet());
    }
}
