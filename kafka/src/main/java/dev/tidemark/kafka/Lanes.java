package dev.tidemark.kafka;

import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off the partitions of a topic that this instance holds: each on a thread of its own, in order, exactly once.
 *
 * <p>Each partition has a transactional id of its own, whoever holds it. Its next holder fences the last one with it, and
 * aborts what that one has left open: neither a dead instance nor one that doesn't know yet that it lost the partition can
 * commit anything, or hold up whoever reads.
 *
 * @param <T> what the topic's records say
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
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  /** How long lanes that are told to stop may go on with what they are at. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  /** How long they may take to end once they are cut off. */
  private static final Duration LONGEST_END = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final String topic;
  private final String name;
  private final Start<T> start;
  private final RunFollower runs;
  private final InFlightLimit inFlight;
  private final java.util.function.Consumer<Throwable> onFailure;
  private final Consumer<String, Parsed<T>> consumer;
  private final Thread poller;
  private final Map<TopicPartition, PartitionLane<T>> lanes = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile boolean joined;
  private volatile ConsumerGroupMetadata group;
  private Duration session;

  /**
   * @param name of the service: its group and transactional ids are made of the topics' prefix and this
   * @param onFailure told when nothing is worked off any more because of an error
   */
  public Lanes(
      Cluster cluster, String topic, Class<T> type, String name, Start<T> start, RunFollower runs,
      java.util.function.Consumer<Throwable> onFailure) {
    this.cluster = cluster;
    this.topic = topic;
    this.name = name;
    this.start = start;
    this.runs = runs;
    inFlight = new InFlightLimit(cluster.buffers().inFlightBytes());
    this.onFailure = onFailure;
    consumer = cluster.member(groupId(), type);
    poller = new Thread(this::poll, name);
  }

  public void start() {
    poller.start();
  }

  private String groupId() {
    return cluster.topics().prefix() + name;
  }

  /** Asked for once, when somebody needs it. */
  private synchronized Duration session() throws InterruptedException {
    if (session == null) {
      session = cluster.session(groupId());
    }
    return session;
  }

  /** Whether the instance has joined its group, and all its partitions are being worked off. */
  public boolean ready() {
    return joined && lanes.values().stream().allMatch(PartitionLane::working);
  }

  /** The partitions that this instance holds. */
  public Set<Integer> partitions() {
    return lanes.keySet().stream().map(TopicPartition::partition).collect(java.util.stream.Collectors.toSet());
  }

  private void poll() {
    try {
      consumer.subscribe(List.of(topic), new Rebalance());
      while (!closed) {
        lanes.forEach(this::position);
        for (ConsumerRecord<String, Parsed<T>> record : consumer.poll(POLL)) {
          var partition = new TopicPartition(record.topic(), record.partition());
          PartitionLane<T> lane = lanes.get(partition);
          if (lane != null && lane.positioned()) {
            lane.offer(record);
          }
        }
        group = consumer.groupMetadata();
        joined = joined || !consumer.assignment().isEmpty() || group.generationId() > 0;
        lanes.forEach(this::throttle);
      }
    } catch (WakeupException e) {
      LOG.debug("closing");
    } catch (RuntimeException | Error e) {
      LOG.error("the {} has stopped", name, e);
      onFailure.accept(e);
    } finally {
      stop(lanes.keySet());
      cluster.close(consumer);
    }
  }

  /** A lane that is open, and fences its predecessor, goes on from what that one has committed. */
  private void position(TopicPartition partition, PartitionLane<T> lane) {
    if (!lane.awaitsPosition()) {
      return;
    }
    try {
      begin(partition, lane, Optional.ofNullable(consumer.committed(Set.of(partition), LONGEST_ANSWER).get(partition)));
    } catch (RetriableException e) {
      LOG.warn("the {} doesn't know yet where to go on with {}: {}", name, partition, e.getMessage());
      beginWithoutPending(partition, lane);
    }
  }

  private void begin(TopicPartition partition, PartitionLane<T> lane, Optional<OffsetAndMetadata> committed) {
    committed.ifPresentOrElse(
        offset -> consumer.seek(partition, offset), () -> consumer.seekToBeginning(Set.of(partition)));
    lane.begin(committed);
    consumer.resume(Set.of(partition));
  }

  /**
   * Kafka gives a consumer no offset as long as a transaction may still change it. A lane that is open has settled what its predecessors
   * had begun, and nobody else commits for its partition. So what is pending after that never ends: a group's coordinator was seen to keep it
   * once its broker had stood still in the middle of a commit.
   */
  private void beginWithoutPending(TopicPartition partition, PartitionLane<T> lane) {
    try (Admin admin = cluster.admin()) {
      begin(partition, lane, Optional.ofNullable(
          admin.listConsumerGroupOffsets(
                  Map.of(groupId(), new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition))),
                  new ListConsumerGroupOffsetsOptions().requireStable(false).timeoutMs((int) LONGEST_ANSWER.toMillis()))
              .partitionsToOffsetAndMetadata(groupId()).get().get(partition)));
      LOG.warn("the {} goes on with {} from what is committed, whatever is pending there", name, partition);
    } catch (ExecutionException e) {
      LOG.debug("nor does the group's coordinator say it", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void throttle(TopicPartition partition, PartitionLane<T> lane) {
    if (lane.positioned()) {
      if (lane.full()) {
        consumer.pause(Set.of(partition));
      } else if (consumer.paused().contains(partition) && lane.hasRoom()) {
        consumer.resume(Set.of(partition));
      }
    } else {
      consumer.pause(Set.of(partition));
    }
  }

  /** Within seconds: a lane that waits for the storage must not keep the process waiting, or those who share its group. */
  private void stop(Collection<TopicPartition> partitions) {
    List<PartitionLane<T>> all = partitions.stream().map(lanes::get).filter(Objects::nonNull).toList();
    all.forEach(PartitionLane::stop);
    List<PartitionLane<T>> hanging = notEnded(all, LONGEST_STOP);
    if (!hanging.isEmpty()) {
      LOG.warn(
          "the {} drops what it was at in partitions {} of {}, as no answer comes: whoever holds them next does it again",
          name, hanging.stream().map(PartitionLane::partition).sorted().toList(), topic);
    }
    hanging.forEach(PartitionLane::cutOff);
    notEnded(hanging, LONGEST_END).forEach(PartitionLane::closeProducer);
    List.copyOf(partitions).forEach(lanes::remove);
  }

  private static <T> List<PartitionLane<T>> notEnded(List<PartitionLane<T>> lanes, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    return lanes.stream().filter(lane -> !lane.ended(deadline)).toList();
  }

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      group = consumer.groupMetadata();
      if (!partitions.isEmpty()) {
        LOG.info("the {} takes partitions {} of {}", name, numbers(partitions), topic);
      }
      for (TopicPartition partition : partitions) {
        // A position of its own, until the lane is open: what is committed may still be held up by the last holder.
        consumer.seek(partition, 0);
        consumer.pause(Set.of(partition));
        String id = cluster.topics().prefix() + name + "-" + partition.partition();
        var lane = new PartitionLane<>(
            cluster, partition, id, () -> group, Lanes.this::session, start, Lanes.this::setAside, inFlight, onFailure);
        lanes.put(partition, lane);
        lane.start();
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      if (!partitions.isEmpty()) {
        LOG.info("the {} gives back partitions {} of {}", name, numbers(partitions), topic);
      }
      stop(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      LOG.warn("the {} has lost partitions {} of {}: others have taken them", name, numbers(partitions), topic);
      stop(partitions);
    }

    private List<Integer> numbers(Collection<TopicPartition> partitions) {
      return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }
  }

  /** A record that can't be read goes to {@code rejected}, as it came, and fails the run that is under way. */
  private void setAside(ConsumerRecord<String, Parsed<T>> record, Parsed.Unreadable<T> unreadable, Lane lane) {
    String where = record.topic() + "-" + record.partition() + "@" + record.offset();
    LOG.error("{} can't be read, and is set aside in {}: {}", where, cluster.topics().rejected(), unreadable.why());
    var rejected = new ProducerRecord<>(cluster.topics().rejected(), where, unreadable.bytes());
    rejected.headers().add("why", unreadable.why().getBytes(StandardCharsets.UTF_8));
    lane.send(rejected);
    runs.latest().filter(run -> !run.ended() || run.state() == Run.State.WAITING).ifPresent(run ->
        lane.send(new RunFailures(cluster.topics(), name).record(run.id(), where + " can't be read: " + unreadable.why())));
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
      cluster.close(consumer);
    }
  }
}
