package dev.tidemark.cli;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.TopicLog;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a run is whose services are elsewhere: by what they have written, and how far their groups have read. */
final class ClusterProgress implements Progress, AutoCloseable {

  private static final Duration EVERY = Duration.ofMillis(500);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  private final Cluster cluster;
  private final Admin admin;
  private final WorkLedger ledger = new WorkLedger();
  private final TopicLog<WorkDoneRecord> log;
  private Phases.Phase lastPhase;
  private Optional<Step> last = Optional.empty();
  private long lastLook;
  private long base;

  ClusterProgress(Cluster cluster) {
    this.cluster = cluster;
    admin = cluster.admin();
    log = new TopicLog<>(
        cluster, cluster.topics().workDone(), WorkDoneRecord.class,
        record -> {
          if (record.value() instanceof Parsed.Readable<WorkDoneRecord>(WorkDoneRecord value)) {
            ledger.add(value);
          }
        },
        () -> {});
  }

  @Override
  public Optional<Step> step(Run run, Phases.Phase phase) {
    boolean entered = phase != lastPhase;
    if (!entered && System.nanoTime() - lastLook < EVERY.toNanos()) {
      return last;
    }
    lastLook = System.nanoTime();
    lastPhase = phase;
    last =
        switch (phase) {
          case STARTING -> Optional.empty();
          case ENUMERATING -> enumerating(run);
          case MARKING -> behind("marker", inputs(), entered)
              .map(step -> new Step(step.done(), step.all(), "records", step.done(), run.decided().size() + " partitions decided"));
          case SWEEPING -> behind("sweeper", partitions(cluster.topics().eligible()), entered)
              .map(step -> new Step(step.done(), step.all(), "deletions", step.done(), run.swept().size() + " partitions swept"));
        };
    return last;
  }

  private Optional<Step> enumerating(Run run) {
    log.poll(Duration.ZERO);
    return ledger.rounds(run.id()) == 0
        ? Optional.of(new Step(0, 0, "repositories and blob shards", 0, "no enumerator has taken it up yet"))
        : Optional.of(new Step(ledger.itemsDone(), ledger.items(), "repositories and blob shards", ledger.found(), ""));
  }

  /** How far a group has read, from where it was when this was first looked at. */
  private Optional<Step> behind(String service, List<TopicPartition> partitions, boolean anew) {
    try {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin.listConsumerGroupOffsets(cluster.topics().prefix() + service).partitionsToOffsetAndMetadata()
              .get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      Map<TopicPartition, ListOffsetsResultInfo> ends =
          admin.listOffsets(partitions.stream().collect(Collectors.toMap(Function.identity(), p -> OffsetSpec.latest()))).all()
              .get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      long read = 0;
      long end = 0;
      for (TopicPartition partition : partitions) {
        OffsetAndMetadata offset = committed.get(partition);
        read += offset == null ? 0 : offset.offset();
        end += ends.get(partition).offset();
      }
      base = anew ? read : base;
      return Optional.of(new Step(read - base, end - base, "", read - base, ""));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private List<TopicPartition> inputs() {
    List<TopicPartition> all = new ArrayList<>();
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      all.addAll(partitions(cluster.topics().of(input)));
    }
    return all;
  }

  private List<TopicPartition> partitions(String topic) {
    return IntStream.range(0, cluster.topics().partitions()).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }

  @Override
  public void close() {
    log.close();
    admin.close(Duration.ZERO);
  }
}
