package dev.tidemark.cli;

import com.fasterxml.jackson.databind.ObjectWriter;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Writes what a run found eligible to a file, as JSON Lines: the records of {@code eligible}, whole. */
final class Plan {

  private static final Duration POLL = Duration.ofMillis(100);

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
  void write(Map<String, Object> kafka, String topic, int partitions, RunId run) {
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try {
      try (BufferedWriter out = Files.newBufferedWriter(unfinished)) {
        copy(kafka, topic, partitions, run, out);
      }
      move(unfinished);
    } catch (IOException e) {
      throw new CollectionException("the plan cannot be written to " + file + ": " + e.getMessage(), e);
    }
  }

  private static void copy(Map<String, Object> kafka, String topic, int partitions, RunId run, BufferedWriter out)
      throws IOException {
    var configuration = new HashMap<>(kafka);
    configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    configuration.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    ObjectWriter json = JsonSerde.MAPPER.writerFor(EligibleRecord.class);
    var values = new JsonSerde<>(EligibleRecord.class).deserializer();
    try (var consumer = new KafkaConsumer<>(configuration, new StringDeserializer(), values)) {
      List<TopicPartition> all = IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Set<Integer> open = new HashSet<>(all.stream().map(TopicPartition::partition).toList());
      while (!open.isEmpty()) {
        for (ConsumerRecord<String, EligibleRecord> record : consumer.poll(POLL)) {
          if (record.value().run().equals(run)) {
            switch (record.value()) {
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

  private void move(Path unfinished) throws IOException {
    try {
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
