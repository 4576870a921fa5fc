package dev.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Writes what a run found eligible to a file, as JSON Lines: the records of {@code eligible}, whole. */
final class Plan {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

  private final Path file;

  /**
   * @throws UsageException if the file can't be written
   */
  Plan(Path file) {
    this.file = file.toAbsolutePath();
    Path directory = this.file.getParent();
    if (Files.isDirectory(this.file) || !Files.isDirectory(directory) || !Files.isWritable(directory)) {
      throw new UsageException("the plan cannot be written to " + file + ": name a file in a directory that can be written to");
    }
  }

  /**
   * Reads the topic up to the run's barriers and writes the file, whole or not at all.
   *
   * @throws CollectionException if it can't be written
   */
  void write(Cluster cluster, Run run) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      try (BufferedWriter out = Files.newBufferedWriter(unfinished)) {
        copy(cluster, run, out);
      }
      move(unfinished);
    } catch (IOException e) {
      throw new CollectionException("the plan cannot be written to " + file + ": " + e.getMessage(), e);
    }
  }

  private static void copy(Cluster cluster, Run run, BufferedWriter out) throws IOException {
    String topic = run.requested().options().dryRun() ? cluster.topics().eligibleDryRun() : cluster.topics().eligible();
    ObjectWriter json = JsonSerde.MAPPER.writerFor(EligibleRecord.class);
    try (var consumer = cluster.reader(EligibleRecord.class)) {
      List<TopicPartition> all =
          IntStream.range(0, cluster.topics().partitions()).mapToObj(p -> new TopicPartition(topic, p)).toList();
      consumer.assign(all);
      seek(consumer, all, run.requested().at() - CLOCKS_DIFFER.toMillis());
      Set<Integer> open = new HashSet<>(all.stream().map(TopicPartition::partition).toList());
      while (!open.isEmpty()) {
        for (ConsumerRecord<String, Parsed<EligibleRecord>> record : consumer.poll(POLL)) {
          if (record.value() instanceof Parsed.Readable<EligibleRecord>(EligibleRecord value) && value.run().equals(run.id())) {
            switch (value) {
              case Eligible eligible -> {
                out.write(json.writeValueAsString(eligible));
                out.write('\n');
              }
              case EndOfEligible end -> open.remove(end.partition());
            }
          }
        }
      }
    }
  }

  /** What is older than the run is of no interest. */
  private static void seek(Consumer<?, ?> consumer, List<TopicPartition> all, long time) {
    consumer.seekToBeginning(all);
    consumer.offsetsForTimes(all.stream().collect(Collectors.toMap(partition -> partition, partition -> time)))
        .forEach((partition, found) -> Optional.ofNullable(found).ifPresent(at -> consumer.seek(partition, at.offset())));
  }

  private void move(Path unfinished) throws IOException {
    try {
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
