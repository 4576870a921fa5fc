package dev.tidemark.cli.local;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.run.Progress;
import dev.tidemark.embedded.EmbeddedKafka;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.GroupProtocol;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.kafka.topic.TopicsException;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.marker.MarkerSettings;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Causes;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.sweeper.SweeperService;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.sweeper.trash.TrashRetention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three services in this process, on an embedded Kafka or on a cluster: wiring, and nothing that services alone do
 * otherwise.
 */
public final class LocalPipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalPipeline.class);
    private static final int PARTITIONS = 4;
    private static final Duration STALL_TIMEOUT = Duration.ofMinutes(15);
    private static final Duration LONG_CALL = Duration.ofSeconds(10);
    private static final Duration LONGEST_CANCEL = Duration.ofSeconds(10);

    private final Storage storage;
    private final DataDirectory directory;
    private final Optional<EmbeddedKafka> broker;
    private final Cluster cluster;
    private final Duration retention;
    private final RunClient client;
    private final Deque<AutoCloseable> services = new ArrayDeque<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private final EnumeratorMeter enumerator = new EnumeratorMeter();
    private final MarkerMeter marker = new MarkerMeter();
    private final SweeperMeter sweeper = new SweeperMeter();

    private boolean closed;

    /**
     * Starts Kafka, or joins the cluster that is named, and makes the topics.
     *
     * @param connection to a cluster; empty for an embedded Kafka
     * @param progress told of what takes long
     * @throws CollectionException if that can't be done
     */
    public LocalPipeline(
            Storage storage, DataDirectory directory, Optional<Connection> connection, Consumer<String> progress) {
        this.storage = storage;
        this.directory = directory;
        broker = connection.isPresent()
                ? Optional.empty()
                : Optional.of(KafkaInside.start(directory.kafka(), 0, progress));
        broker.ifPresent(embedded -> embedded.failure().thenAccept(failure::set));
        Map<String, Object> kafka = broker.map(KafkaInside::clientSettings)
                .orElseGet(() -> connection.orElseThrow().kafka());
        TopicSettings settings = connection.map(Connection::topicSettings).orElseGet(LocalPipeline::topicSettings);
        retention = settings.retention();
        try (Admin admin = Admin.create(GroupProtocol.without(kafka))) {
            var named = new Cluster(kafka, TopicCreation.ensure(admin, settings));
            // Nobody shares a group on an embedded Kafka, so it is not asked.
            cluster = broker.isPresent()
                    ? named.watched(() -> broker.flatMap(EmbeddedKafka::trouble))
                    : named.withNewestGroups(admin);
            client = new RunClient(cluster);
        } catch (InterruptedException | TopicsException | KafkaException e) {
            String why = broker.flatMap(EmbeddedKafka::trouble)
                    .orElse(e instanceof InterruptedException ? "interrupted at the start" : Causes.of(e));
            broker.ifPresent(EmbeddedKafka::close);
            throw broker.isEmpty() && !(e instanceof InterruptedException)
                    ? connection.orElseThrow().failed(e)
                    : new CollectionException(why, e);
        }
    }

    private static TopicSettings topicSettings() {
        return new TopicSettings(
                Topics.DEFAULT_PREFIX,
                OptionalInt.of(PARTITIONS),
                PARTITIONS,
                (short) 1,
                TopicSettings.DEFAULT_RETENTION,
                TopicSettings.DEFAULT_RUNS_RETENTION);
    }

    public Cluster cluster() {
        return cluster;
    }

    /** The directory of its topics, or of its state and its log where those are on a cluster. */
    public DataDirectory directory() {
        return directory;
    }

    /** The latest run, whoever asked for it. */
    public Optional<Run> latest() {
        return client.latest();
    }

    /** How long the records of a run are there. */
    public Duration retention() {
        return retention;
    }

    public Storage storage() {
        return storage;
    }

    public Progress progress() {
        return new MeteredProgress(
                enumerator,
                marker,
                sweeper,
                () -> storage.calls().awaited(LONG_CALL).map(call -> call + " of " + storage.description()));
    }

    /**
     * Looks after the storage's trash; empty if it has none.
     *
     * @param openCache opens the registry's cache
     */
    public Optional<TrashKeeper> trash(Duration settle, Supplier<Optional<RegistryCache>> openCache) {
        return storage.trash().map(trash -> {
            Optional<RegistryCache> told = openCache.get();
            told.ifPresent(services::push);
            return TrashKeeper.recording(cluster, storage, trash, settle, told);
        });
    }

    /**
     * Asks for a run and starts the services that do it. A dry run has no sweeper at all.
     *
     * @param repair whether every missing layer link is to be written again
     * @param policy that says which tags go, if there is one
     * @param keepDangling whether links to what is not there stay, however old they are
     * @param trash how long the trash keeps what is swept
     * @param cache of the registry
     * @param openCache opens it for the sweeper
     */
    public Run request(
            Instant now,
            Options options,
            int maxDelete,
            boolean repair,
            Optional<PolicyText> policy,
            boolean keepDangling,
            TrashRetention trash,
            CacheSettings cache,
            Supplier<Optional<RegistryCache>> openCache) {
        // On an embedded Kafka nobody else can be at it: the data directory is locked.
        client.latest().filter(run -> broker.isPresent() && !run.ended()).ifPresent(run -> {
            client.cancel(run.id(), "its process ended before it did");
            client.latest();
        });
        Run requested = client.request(
                now, options, maxDelete, CurrentUser.name(), null, repair, policy.orElse(null), keepDangling);
        LOG.info("{} requested: {}", requested.id(), requested.requested());
        start(
                new MarkerService(cluster, MarkerSettings.alone(directory.state()), marker, failure::set),
                MarkerService::start);
        int readers = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
        var enumerators = new EnumeratorService(
                cluster,
                storage,
                Optional.empty(),
                cache.kind(),
                directory.state(),
                retention,
                readers,
                Optional.empty(),
                STALL_TIMEOUT,
                enumerator,
                failure::set);
        start(enumerators, EnumeratorService::start);
        if (!options.dryRun()) {
            sweep(trash, openCache);
        }
        return requested;
    }

    /**
     * Starts the service that sweeps. It is all that a run needs which was approved.
     *
     * @param trash how long the trash keeps what is swept
     * @param openCache opens the registry's cache
     */
    public void sweep(TrashRetention trash, Supplier<Optional<RegistryCache>> openCache) {
        var sweepers = new SweeperService(cluster, storage, trash, openCache.get(), false, sweeper, failure::set);
        start(sweepers, SweeperService::start);
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
    public Run follow(Run run, Consumer<Run> look) {
        try {
            return client.follow(run, look, () -> failed(run));
        } catch (InterruptException e) {
            throw failed(run).orElseThrow(() -> e);
        }
    }

    private Optional<CollectionException> failed(Run run) {
        return Optional.ofNullable(failure.get())
                .map(cause -> new CollectionException("the run " + run.id() + " failed: " + Causes.last(cause), cause));
    }

    /**
     * Ends a run that somebody interrupts: nothing more of it is swept. It may be Kafka that they have waited for, so
     * this does not wait long.
     *
     * @throws CollectionException if Kafka does not take it
     */
    public void cancel(RunId run, String why) {
        try {
            CompletableFuture.runAsync(() -> client.cancel(run, why))
                    .orTimeout(LONGEST_CANCEL.toSeconds(), TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw new CollectionException(
                    e.getCause() instanceof TimeoutException ? "Kafka does not answer" : Causes.of(e.getCause()), e);
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Of a Kafka that has stopped: to close takes its own time.
        Thread.interrupted();
        // Each waits for answers of its own, a while.
        try (ExecutorService closing = Executors.newVirtualThreadPerTaskExecutor()) {
            services.forEach(service -> closing.execute(() -> closeOne(service)));
        }
        closeOne(client);
        broker.ifPresent(EmbeddedKafka::close);
    }

    private static void closeOne(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.warn("did not close in order", e);
        }
    }
}
