package dev.tidemark.cli;

import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.embedded.EmbeddedKafkaException;
import dev.tidemark.enumerator.EnumeratorMeter;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunLog;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Topics;
import dev.tidemark.storage.Storage;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.sweeper.SweeperService;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The three services in this process, on an embedded Kafka: wiring, and nothing that a cluster would do otherwise. */
final class LocalPipeline implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalPipeline.class);
  private static final int PARTITIONS = 4;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final Storage storage;
  private final DataDirectory directory;
  private final EmbeddedKafka broker;
  private final Map<String, Object> kafka;
  private final Topics topics;
  private final Producer<String, byte[]> producer;
  private final RunLog runs;
  private final Deque<AutoCloseable> services = new ArrayDeque<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  final EnumeratorMeter enumerator = new EnumeratorMeter();
  final MarkerMeter marker = new MarkerMeter();
  final SweeperMeter sweeper = new SweeperMeter();

  private boolean closed;

  /**
   * Starts Kafka and makes the topics.
   *
   * @throws CollectionException if that can't be done
   */
  LocalPipeline(Storage storage, DataDirectory directory) {
    this.storage = storage;
    this.directory = directory;
    try {
      broker = EmbeddedKafka.start(directory.kafka());
    } catch (EmbeddedKafkaException e) {
      throw new CollectionException(e.getMessage(), e);
    }
    broker.failure().thenAccept(failure::set);
    kafka = clientConfiguration(broker.bootstrapServers());
    try (Admin admin = Admin.create(kafka)) {
      topics = TopicCreation.ensure(admin, new Topics(Topics.DEFAULT_PREFIX, PARTITIONS));
      producer = producer();
      runs = new RunLog(kafka, topics);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      broker.close();
      throw new CollectionException("interrupted at the start", e);
    } catch (RuntimeException e) {
      broker.close();
      throw e;
    }
  }

  /** What every client gets. On one machine an answer costs nothing, so nobody waits long for more of it. */
  private static Map<String, Object> clientConfiguration(String bootstrapServers) {
    return Map.of(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
        CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "",
        CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false,
        CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 10L,
        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
  }

  private Producer<String, byte[]> producer() {
    var configuration = new HashMap<>(kafka);
    configuration.put(ProducerConfig.ACKS_CONFIG, "all");
    return new KafkaProducer<>(configuration, new StringSerializer(), new ByteArraySerializer());
  }

  Map<String, Object> kafka() {
    return kafka;
  }

  Topics topics() {
    return topics;
  }

  /** Asks for a run and starts the services that do it. A dry run has no sweeper at all. */
  Run request(Instant now, Options options, int maxDelete) {
    Optional<Run> last = runs.toEnd();
    last.filter(run -> !run.ended())
        .ifPresent(run -> publish(new RunRecord.Cancelled(run.id(), "its process ended before it did")));
    var requested = new Requested(RunId.next(now, last.map(Run::id)), now.toEpochMilli(), options, maxDelete);
    publish(requested);
    LOG.info("{} requested: {}", requested.run(), requested);
    start(new MarkerService(kafka, topics, directory.state(), marker, failure::set), MarkerService::start);
    int readers = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
    start(new EnumeratorService(kafka, topics, storage, readers, enumerator, failure::set), EnumeratorService::start);
    if (!options.dryRun()) {
      start(new SweeperService(kafka, topics, storage, sweeper, failure::set), SweeperService::start);
    }
    return Run.after(Optional.empty(), requested).orElseThrow();
  }

  private <S extends AutoCloseable> void start(S service, Consumer<S> start) {
    services.push(service);
    start.accept(service);
  }

  /**
   * Follows a run to its end.
   *
   * @param look called every so often with the run as it is
   * @throws CollectionException if a service or Kafka has stopped
   */
  Run follow(Run run, Consumer<Run> look) {
    Run current = run;
    while (!current.ended()) {
      current = runs.poll(POLL).filter(latest -> latest.id().equals(run.id())).orElse(current);
      look.accept(current);
      if (failure.get() != null && !current.ended()) {
        throw new CollectionException(
            "the run " + run.id() + " failed: " + rootCause(failure.get()) + " (more in " + directory.log() + ")",
            failure.get());
      }
    }
    return current;
  }

  private static String rootCause(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  /** Ends a run that somebody interrupts: nothing more of it is swept. */
  void cancel(RunId run, String why) {
    publish(new RunRecord.Cancelled(run, why));
  }

  private void publish(RunRecord record) {
    byte[] value = new JsonSerde<>(RunRecord.class).serializer().serialize(null, record);
    Future<?> sent = producer.send(new ProducerRecord<>(topics.runs(), record.run().toString(), value));
    producer.flush();
    try {
      sent.get();
    } catch (ExecutionException e) {
      throw new CollectionException("Kafka did not take a record: " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CollectionException("interrupted while a record was written", e);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (AutoCloseable service : services) {
      closeOne(service);
    }
    closeOne(() -> producer.close(LONGEST_CLOSE));
    closeOne(runs);
    broker.close();
  }

  private static void closeOne(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.warn("did not close in order", e);
    }
  }
}
