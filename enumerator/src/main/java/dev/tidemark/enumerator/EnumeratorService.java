package dev.tidemark.enumerator;

import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunLog;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.storage.RetryingStorage;
import dev.tidemark.storage.Storage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows {@code runs}, and enumerates the storage for every run that is requested. */
public final class EnumeratorService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EnumeratorService.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final Topics topics;
  private final Storage storage;
  private final EnumeratorMeter meter;
  private final Consumer<Throwable> onFailure;
  private final Producer<String, byte[]> producer;
  private final RunLog runs;
  private final ExecutorService threads;
  private final Serializer<RunRecord> serializer = new JsonSerde<>(RunRecord.class).serializer();
  private final Thread follower = new Thread(this::follow, "enumerator");
  private volatile boolean closed;

  /**
   * @param kafka {@code bootstrap.servers} and whatever else the clients need
   * @param readers how many repositories and blob shards are read at once
   * @param onFailure told when the service has stopped because of an error
   */
  public EnumeratorService(
      Map<String, Object> kafka, Topics topics, Storage storage, int readers, EnumeratorMeter meter,
      Consumer<Throwable> onFailure) {
    this.topics = topics;
    this.storage = RetryingStorage.of(storage);
    this.meter = meter;
    this.onFailure = onFailure;
    producer = new KafkaProducer<>(producerConfiguration(kafka), new StringSerializer(), new ByteArraySerializer());
    runs = new RunLog(kafka, topics);
    threads = Executors.newFixedThreadPool(readers, task -> new Thread(task, "enumerator-reader"));
  }

  private static Map<String, Object> producerConfiguration(Map<String, Object> kafka) {
    var configuration = new HashMap<String, Object>();
    configuration.put(ProducerConfig.ACKS_CONFIG, "all");
    configuration.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    configuration.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    configuration.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    configuration.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    configuration.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.LARGEST_RECORD);
    configuration.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * Topics.LARGEST_RECORD);
    configuration.putAll(kafka);
    return configuration;
  }

  public void start() {
    follower.start();
  }

  private void follow() {
    Optional<RunId> done = Optional.empty();
    try {
      while (!closed) {
        Optional<Run> run = runs.poll(POLL);
        if (run.isPresent() && run.get().state() == Run.State.REQUESTED && !done.equals(run.map(Run::id))) {
          enumerate(run.get());
          done = run.map(Run::id);
        }
      }
    } catch (WakeupException | InterruptException | InterruptedException e) {
      LOG.debug("closing");
    } catch (RuntimeException e) {
      LOG.error("the enumerator has stopped", e);
      onFailure.accept(e);
    } finally {
      // close() interrupts whatever this thread waits for, and closing the consumer must not be cut short by that.
      Thread.interrupted();
      runs.close();
    }
  }

  private void enumerate(Run run) throws InterruptedException {
    LOG.info("{} enumerating {}", run.id(), storage.description());
    var publisher = new InputPublisher(producer, topics, run.id());
    RunRecord outcome;
    try {
      publisher.start(run.requested().options());
      outcome = new Enumeration(storage, run.requested(), publisher, threads, meter).enumerate();
      publisher.end();
      LOG.info("{} enumerated: {}", run.id(), outcome);
    } catch (RuntimeException e) {
      LOG.error("{} enumeration failed", run.id(), e);
      outcome = RunRecord.Failed.because(run.id(), "enumerator", e);
    }
    producer.send(new ProducerRecord<>(topics.runs(), run.id().toString(), serializer.serialize(null, outcome)));
    producer.flush();
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    follower.interrupt();
    runs.wakeup();
    try {
      follower.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(LONGEST_CLOSE);
  }
}
