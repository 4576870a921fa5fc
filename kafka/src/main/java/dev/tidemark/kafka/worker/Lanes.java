package dev.tidemark.kafka.worker;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFollower;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the partitions of a topic that this instance holds: each on a thread of its own, in order, exactly once.
 *
 * <p>The group gives partitions to instances, and nothing more: each {@link PartitionLane} reads its partition with a
 * consumer of its own.
 *
 * <p>Each partition has a transactional id of its own, the same for all its holders. The next holder fences the last
 * one with it, and aborts what that one has left open: neither a dead instance nor one that doesn't know yet that it
 * lost the partition can commit anything, or hold up readers.
 *
 * @param <T> the type of the topic's records
 */
public final class Lanes<T> implements AutoCloseable {

    /** Makes what works a partition off. */
    public interface Start<T> {
        /**
         * @param committed how far the partition was worked off, with what was saved then; empty if nothing was
         */
        Work<T> start(int partition, Optional<OffsetAndMetadata> committed);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final String topic;
    private final LaneContext<T> context;
    private final Consumer<byte[], byte[]> consumer;
    private final Thread poller;
    private final HeldLanes<T> lanes;
    private volatile boolean closed;
    private volatile boolean joined;
    private volatile ConsumerGroupMetadata membership;
    private Duration session;

    /**
     * @param name of the service: its group and transactional ids are made of the topics' prefix and this
     * @param onFailure told when nothing is worked off any more because of an error
     */
    public Lanes(
            Cluster cluster,
            String topic,
            Class<T> type,
            String name,
            Start<T> start,
            RunFollower runs,
            java.util.function.Consumer<Throwable> onFailure) {
        this.topic = topic;
        String group = cluster.topics().prefix() + name;
        context = new LaneContext<>(
                cluster,
                name,
                group,
                type,
                () -> membership,
                this::session,
                start,
                new UnreadableRecords(cluster, name, runs),
                new InFlightLimit(cluster.buffers().inFlightBytes()),
                onFailure);
        lanes = new HeldLanes<>(context);
        consumer = cluster.member(group);
        poller = new Thread(this::poll, name);
    }

    public void start() {
        poller.start();
    }

    /** How long the group waits for a silent instance. Asked for once, when a lane needs it. */
    private synchronized Duration session() throws InterruptedException {
        if (session == null) {
            session = context.cluster().session(context.group());
        }
        return session;
    }

    /** Whether the instance has joined its group, and all its partitions are being worked off. */
    public boolean ready() {
        return joined && lanes.working();
    }

    /** The partitions that this instance holds. */
    public Set<Integer> partitions() {
        return lanes.partitions();
    }

    private void poll() {
        try {
            consumer.subscribe(List.of(topic), new Rebalance());
            while (!closed) {
                // Keeps the membership. Its partitions are paused: each lane reads its own.
                consumer.poll(POLL);
                membership = consumer.groupMetadata();
                joined = joined || !consumer.assignment().isEmpty() || membership.generationId() > 0;
            }
        } catch (WakeupException e) {
            LOG.debug("closing");
        } catch (RuntimeException | Error e) {
            LOG.error("the {} has stopped", context.name(), e);
            context.onFailure().accept(e);
        } finally {
            lanes.stop();
            context.cluster().close(consumer);
        }
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            membership = consumer.groupMetadata();
            if (!partitions.isEmpty()) {
                LOG.info("the {} takes partitions {} of {}", context.name(), numbers(partitions), topic);
            }
            for (TopicPartition partition : partitions) {
                // As it has a position, the group's consumer does not ask Kafka for one, which an open transaction may
                // hold up.
                consumer.seek(partition, 0);
                consumer.pause(Set.of(partition));
            }
            lanes.start(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (!partitions.isEmpty()) {
                LOG.info("the {} gives back partitions {} of {}", context.name(), numbers(partitions), topic);
            }
            lanes.stop(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            LOG.warn(
                    "the {} has lost partitions {} of {}: others have taken them",
                    context.name(),
                    numbers(partitions),
                    topic);
            lanes.stop(partitions);
        }

        private List<Integer> numbers(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::partition).sorted().toList();
        }
    }

    @Override
    public void close() {
        closed = true;
        boolean started = poller.getState() != Thread.State.NEW;
        consumer.wakeup();
        try {
            poller.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!started) {
            context.cluster().close(consumer);
        }
    }
}
