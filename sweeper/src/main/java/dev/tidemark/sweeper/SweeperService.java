package dev.tidemark.sweeper;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunLog;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.storage.RetryingStorage;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows {@code runs}: holds a run that the circuit breaker stops, and sweeps one that may be swept, record by record of
 * {@code eligible}. Offsets are committed after the deletion and its record in {@code deletions}.
 */
public final class SweeperService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SweeperService.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private final Topics topics;
  private final Storage storage;
  private final SweeperMeter meter;
  private final Consumer<Throwable> onFailure;
  private final RunLog runs;
  private final KafkaConsumer<String, EligibleRecord> eligible;
  private final Producer<String, byte[]> producer;
  private final Serializer<RunRecord> runSerializer = new JsonSerde<>(RunRecord.class).serializer();
  private final Serializer<DeletionRecord> deletionSerializer = new JsonSerde<>(DeletionRecord.class).serializer();
  private final AtomicReference<Exception> publishFailure = new AtomicReference<>();
  private final Thread follower = new Thread(this::follow, "sweeper");
  private volatile boolean closed;

  /**
   * @param kafka {@code bootstrap.servers} and whatever else the clients need
   * @param onFailure told when the service has stopped because of an error
   */
  public SweeperService(
      Map<String, Object> kafka, Topics topics, Storage storage, SweeperMeter meter, Consumer<Throwable> onFailure) {
    this.topics = topics;
    this.storage = RetryingStorage.of(storage);
    this.meter = meter;
    this.onFailure = onFailure;
    runs = new RunLog(kafka, topics);
    var consuming = new HashMap<>(kafka);
    consuming.put(ConsumerConfig.GROUP_ID_CONFIG, group(topics));
    consuming.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consuming.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consuming.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    eligible =
        new KafkaConsumer<>(consuming, new StringDeserializer(), new JsonSerde<>(EligibleRecord.class).deserializer());
    var producing = new HashMap<>(kafka);
    producing.put(ProducerConfig.ACKS_CONFIG, "all");
    producing.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    producing.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    producer = new KafkaProducer<>(producing, new StringSerializer(), new ByteArraySerializer());
  }

  /** The consumer group of all sweepers. */
  public static String group(Topics topics) {
    return topics.prefix() + "sweeper";
  }

  public void start() {
    follower.start();
  }

  private void follow() {
    try {
      Optional<RunId> settled = Optional.empty();
      while (!closed) {
        Optional<Run> latest = runs.poll(POLL);
        if (latest.isPresent() && !settled.equals(latest.map(Run::id)) && settle(latest.get())) {
          settled = latest.map(Run::id);
        }
      }
    } catch (WakeupException | InterruptException e) {
      LOG.debug("closing");
    } catch (RuntimeException e) {
      LOG.error("the sweeper has stopped", e);
      onFailure.accept(e);
    } finally {
      runs.close();
      eligible.close();
    }
  }

  /** Does what the run is ready for; whether there is nothing more to do for it. */
  private boolean settle(Run run) {
    if (run.ended() && run.state() != Run.State.WAITING) {
      return true;
    }
    if (run.contradiction().isPresent()) {
      publish(new RunRecord.Failed(run.id(), "sweeper", run.contradiction().get()));
      return true;
    }
    if (run.mayBeSwept()) {
      sweep(run);
      return true;
    }
    if (run.allDecided() && !run.requested().options().dryRun() && run.exceedsBreaker() && run.waiting() == null) {
      LOG.warn("{} waits for approval", run.id());
      publish(new RunRecord.Waiting(run.id(), breakerMessage(run)));
    }
    return false;
  }

  private static String breakerMessage(Run run) {
    return "%.1f %% of the blobs are eligible, by number or by bytes, and the circuit breaker lets %d %% pass"
        .formatted(run.totals().percentEligible(), run.requested().maxDelete());
  }

  private void sweep(Run run) {
    Set<Digest> rescued;
    try {
      rescued = new SecondLook(storage, run.requested().options()).rescued();
    } catch (StorageException e) {
      publish(RunRecord.Failed.because(run.id(), "sweeper", e));
      return;
    }
    LOG.info("{} sweeping; {} digests are young, or referenced by what is", run.id(), rescued.size());
    var sweeper = new Sweeper(storage, run.requested().options(), rescued, Clock.systemUTC());
    Map<TopicPartition, PartitionSweep> sweeps = new HashMap<>();
    eligible.subscribe(Set.of(topics.eligible()));
    Run current = run;
    while (!closed && current.id().equals(run.id()) && current.state() == Run.State.SWEEPING) {
      for (ConsumerRecord<String, EligibleRecord> record : eligible.poll(POLL)) {
        if (closed) {
          break;
        }
        if (record.value().run().equals(run.id())) {
          var partition = new TopicPartition(record.topic(), record.partition());
          sweep(sweeper, sweeps.computeIfAbsent(partition, p -> resume(run.id(), p, record.offset())), record);
        }
      }
      commit(sweeps);
      current = runs.poll(Duration.ZERO).orElse(current);
    }
    eligible.unsubscribe();
  }

  private PartitionSweep resume(RunId run, TopicPartition partition, long position) {
    return PartitionSweep.resume(run, position, eligible.committed(Set.of(partition)).get(partition));
  }

  private void sweep(Sweeper sweeper, PartitionSweep partition, ConsumerRecord<String, EligibleRecord> record) {
    switch (record.value()) {
      case Eligible next -> {
        DeletionRecord deletion = sweeper.sweep(next, partition.stillNamed(next, record.offset()));
        partition.done(deletion);
        meter.done(deletion.bytes());
        producer.send(
            new ProducerRecord<>(
                topics.deletions(), record.partition(), next.digest().toString(), deletionSerializer.serialize(null, deletion)),
            (metadata, exception) -> publishFailure.compareAndSet(null, exception));
      }
      case EndOfEligible end -> {
        partition.end(record.offset() + 1);
        publish(new RunRecord.Swept(end.run(), end.partition(), topics.partitions(), partition.sweep()));
      }
    }
  }

  private void commit(Map<TopicPartition, PartitionSweep> sweeps) {
    acknowledged();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    sweeps.forEach((partition, sweep) -> offsets.put(partition, sweep.committable()));
    eligible.commitSync(offsets);
  }

  private void publish(RunRecord record) {
    producer.send(
        new ProducerRecord<>(topics.runs(), record.run().toString(), runSerializer.serialize(null, record)),
        (metadata, exception) -> publishFailure.compareAndSet(null, exception));
    acknowledged();
  }

  private void acknowledged() {
    producer.flush();
    Exception failure = publishFailure.get();
    if (failure != null) {
      throw new KafkaException("what the sweeper did could not be recorded: " + failure.getMessage(), failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    runs.wakeup();
    eligible.wakeup();
    try {
      follower.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(LONGEST_CLOSE);
  }
}
