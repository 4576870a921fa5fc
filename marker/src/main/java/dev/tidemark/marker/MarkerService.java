package dev.tidemark.marker;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.GroupProtocol;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Causes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The marker as a Kafka Streams application. */
public final class MarkerService implements AutoCloseable {

    /** The service's name, and its group's after the prefix. */
    public static final String NAME = "marker";

    private static final Logger LOG = LoggerFactory.getLogger(MarkerService.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_COMMIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WORD = Duration.ofSeconds(5);
    private static final Duration RESTARTS_WITHIN = Duration.ofMinutes(10);

    private final Cluster cluster;
    private final KafkaStreams streams;
    private final RunFollower runs;
    private final Consumer<Throwable> onFailure;
    private final RunFailures failures;
    private final Restarts restarts;
    private final ExecutorService word = Executors.newSingleThreadExecutor(task -> {
        var thread = new Thread(task, "marker-failures");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * @param onFailure told when the application has stopped because of an error
     */
    public MarkerService(Cluster cluster, MarkerSettings settings, MarkerMeter meter, Consumer<Throwable> onFailure) {
        this.cluster = cluster;
        this.onFailure = onFailure;
        failures = new RunFailures(cluster.topics(), NAME);
        restarts = new Restarts(settings.restarts(), RESTARTS_WITHIN, System::nanoTime);
        runs = new RunFollower(cluster, onFailure);
        var properties = new Properties();
        properties.putAll(configuration(cluster.topics(), settings, cluster.kafka()));
        streams = new KafkaStreams(
                new MarkerTopology(cluster.topics(), meter, run -> over(runs.latest(), run)).get(), properties);
        streams.setUncaughtExceptionHandler(this::failed);
    }

    /** The application's id, that is its consumer group. */
    public static String group(Topics topics) {
        return topics.prefix() + NAME;
    }

    /**
     * The configuration of Kafka Streams: the user's settings override it, but for those that correctness depends on.
     */
    static Map<String, Object> configuration(Topics topics, MarkerSettings settings, Map<String, Object> kafka) {
        var buffers = new Buffers(topics.partitions());
        var configuration = new HashMap<String, Object>();
        configuration.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis());
        configuration.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                kafka.getOrDefault(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int)
                        settings.commitInterval().plus(LONGEST_COMMIT).toMillis()));
        configuration.put(StreamsConfig.POLL_MS_CONFIG, 10);
        configuration.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 1 << 20);
        // Records are packs: as many as one fetch has wait in each partition of the four topics, and no more is asked
        // for while two of them do.
        configuration.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 1);
        configuration.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, buffers.fetchBytes());
        configuration.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, buffers.allFetchBytes());
        configuration.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        configuration.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        configuration.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
        configuration.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.replication());
        configuration.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        configuration.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), buffers.batchBytes());
        configuration.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.LARGEST_RECORD);
        configuration.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), buffers.producerBytes());
        configuration.put(StreamsConfig.topicPrefix("max.message.bytes"), Topics.LARGEST_RECORD);
        configuration.putAll(GroupProtocol.without(kafka));
        // The streams protocol has to be asked for: it has no warm-ups, and takes over no group that has members.
        boolean asked = GroupProtocol.named(kafka).equals(Optional.of(GroupProtocol.CONSUMER));
        configuration.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, asked ? "streams" : "classic");
        configuration.put(StreamsConfig.APPLICATION_ID_CONFIG, group(topics));
        configuration.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        configuration.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, SetAsideHandler.class);
        configuration.put(
                StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        configuration.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return configuration;
    }

    public void start() {
        runs.start();
        streams.start();
    }

    /**
     * Whether nobody waits for the marker's decision: the run has failed or was cancelled, or a later one has been
     * asked for. That never changes again, so an instance that doesn't know it yet only does work in vain.
     */
    static boolean over(Optional<Run> latest, RunId run) {
        return latest.filter(known -> known.id().equals(run)
                        ? known.end() != null
                        : known.id().compareTo(run) > 0)
                .isPresent();
    }

    /**
     * No record is to blame, see {@link SetAsideHandler}. The run under way has failed, if anything may be lost; the
     * next one may find a thread that works.
     */
    private StreamThreadExceptionResponse failed(Throwable failure) {
        LOG.error("a thread of the marker has died", failure);
        boolean replaced = restarts.another();
        if (!replaced || !onlyTransactionLost(failure)) {
            runs.latest()
                    .filter(run -> !run.ended())
                    .ifPresent(run -> word.execute(() -> publish(failures.of(run.id(), Causes.last(failure)))));
        }
        if (replaced) {
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        onFailure.accept(failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    /**
     * Whether a broker and the producer only disagree on how a transaction stands, as they may where its coordinator is
     * killed while it ends. All of it is committed or nothing, with the offsets of what it came from: another thread
     * goes on from there. Kafka Streams does so by itself where its producer was fenced, and not in this case.
     */
    static boolean onlyTransactionLost(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(InvalidTxnStateException.class::isInstance);
    }

    private void publish(RunRecord record) {
        try (var publisher = new RunPublisher(cluster)) {
            publisher.publish(record);
        } catch (KafkaException e) {
            LOG.error("{} that it failed could not be written", record.run(), e);
        }
    }

    /** Whether it has its share of the work, or knows that there is none for it. */
    public boolean ready() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** The runs, as far as this instance knows. */
    public RunFollower runs() {
        return runs;
    }

    /** The application itself, for its metrics. */
    public KafkaStreams streams() {
        return streams;
    }

    @Override
    public void close() {
        word.shutdown();
        try {
            if (!word.awaitTermination(LONGEST_WORD.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("that the marker failed may not be written");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Streams stays in its group by default, and the next instance would wait for the session to time out.
        streams.close(
                CloseOptions.timeout(LONGEST_CLOSE).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        runs.close();
    }
}
