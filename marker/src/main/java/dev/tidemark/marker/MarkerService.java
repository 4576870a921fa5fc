package dev.tidemark.marker;

import dev.tidemark.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** The marker as a Kafka Streams application. */
public final class MarkerService implements AutoCloseable {

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);

  private final KafkaStreams streams;

  /**
   * @param kafka {@code bootstrap.servers} and whatever else the clients need; it overrides what is set here
   * @param stateDirectory where the state stores live
   * @param onFailure told when the application has stopped because of an error
   */
  public MarkerService(
      Map<String, Object> kafka, Topics topics, Path stateDirectory, MarkerMeter meter, Consumer<Throwable> onFailure) {
    var properties = new Properties();
    properties.putAll(configuration(topics, stateDirectory));
    properties.putAll(kafka);
    streams = new KafkaStreams(new MarkerTopology(topics, meter).get(), properties);
    streams.setUncaughtExceptionHandler(
        failure -> {
          onFailure.accept(failure);
          return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
  }

  /** The application's id, that is its consumer group. */
  public static String group(Topics topics) {
    return topics.prefix() + "marker";
  }

  static Map<String, Object> configuration(Topics topics, Path stateDirectory) {
    var configuration = new HashMap<String, Object>();
    configuration.put(StreamsConfig.APPLICATION_ID_CONFIG, group(topics));
    configuration.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    configuration.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    // Barriers ask for a commit of their own: this one only bounds what a crash has to do again.
    configuration.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
    configuration.put(StreamsConfig.POLL_MS_CONFIG, 10);
    configuration.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 1 << 20);
    configuration.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    configuration.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    configuration.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    configuration.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 << 10);
    configuration.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.LARGEST_RECORD);
    configuration.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 2 * Topics.LARGEST_RECORD);
    configuration.put(StreamsConfig.topicPrefix("max.message.bytes"), Topics.LARGEST_RECORD);
    return configuration;
  }

  public void start() {
    streams.start();
  }

  @Override
  public void close() {
    // Streams stays in its group by default, and whoever comes next would wait for the session to time out.
    streams.close(CloseOptions.timeout(LONGEST_CLOSE).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
  }
}
