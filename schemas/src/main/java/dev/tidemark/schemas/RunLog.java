package dev.tidemark.schemas;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads the topic {@code runs} from its beginning and knows its latest run. For one thread at a time; {@link #wakeup()} is
 * for any.
 */
public final class RunLog implements AutoCloseable {

  private final Consumer<String, RunRecord> consumer;
  private final TopicPartition partition;
  private Optional<Run> latest = Optional.empty();

  public RunLog(Map<String, Object> kafka, Topics topics) {
    var configuration = new HashMap<>(kafka);
    configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    configuration.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer =
        new KafkaConsumer<>(configuration, new StringDeserializer(), new JsonSerde<>(RunRecord.class).deserializer());
    partition = new TopicPartition(topics.runs(), 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
  }

  /** Reads all that is there now. */
  public Optional<Run> toEnd() {
    long end = consumer.endOffsets(List.of(partition)).get(partition);
    while (consumer.position(partition) < end) {
      poll(Duration.ofMillis(100));
    }
    return latest;
  }

  /** Reads what comes within the time, and returns the latest run as it is then. */
  public Optional<Run> poll(Duration atMost) {
    for (ConsumerRecord<String, RunRecord> record : consumer.poll(atMost)) {
      latest = Run.after(latest, record.value());
    }
    return latest;
  }

  /** Ends a poll under way, or the next one, with a {@link org.apache.kafka.common.errors.WakeupException}. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
