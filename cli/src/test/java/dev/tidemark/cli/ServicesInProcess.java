package dev.tidemark.cli;

import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.marker.MarkerSettings;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Run;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.sweeper.SweeperService;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import dev.tidemark.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * The three services of a cluster, run in this process on a registry with garbage; and the client, as a user of that
 * cluster types it.
 */
public abstract class ServicesInProcess {

    protected static final Duration STALL = Duration.ofMinutes(10);
    protected static final Duration SHORT_STALL = Duration.ofSeconds(15);

    @TempDir
    private static Path kafkaDirectory;

    protected static TestKafka kafka;

    @TempDir
    protected Path directory;

    private final Deque<AutoCloseable> services = new ArrayDeque<>();
    protected final AtomicReference<Throwable> failure = new AtomicReference<>();
    private int starts;
    protected String prefix;
    protected Cluster cluster;
    protected RegistryOnDisk registry;
    protected RepositoryOnDisk app;
    protected String kept;
    protected String untagged;
    protected String orphan;

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start(kafkaDirectory);
    }

    @AfterAll
    static void stopKafka() throws Exception {
        kafka.close();
    }

    @BeforeEach
    void aRegistry(TestInfo test) throws Exception {
        prefix = test.getTestMethod().orElseThrow().getName() + ".";
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        kept = app.image("kept");
        untagged = app.image("untagged");
        app.tag("latest", kept);
        orphan = registry.blob("orphan");
        registry.age(Duration.ofDays(2));
        Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(clients)) {
            cluster = new Cluster(
                    clients,
                    TopicCreation.ensure(
                            admin,
                            new TopicSettings(
                                    prefix, OptionalInt.of(3), 2, (short) 1, Duration.ofDays(1), Duration.ofDays(1))));
        }
    }

    /** All at once: a service that waits for a topic that is gone keeps no other waiting. */
    @AfterEach
    protected void stopServices() {
        List<AutoCloseable> all = List.copyOf(services);
        services.clear();
        Parallel.forEach(all, all.size(), ServicesInProcess::close);
    }

    private static void close(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    protected void startServices(Storage storage) {
        startServices(storage, STALL);
    }

    protected void startServices(Storage storage, Duration stall) {
        startMarker();
        startEnumerator(storage, stall);
        startSweeper(storage);
    }

    protected void startMarker() {
        start(
                new MarkerService(
                        cluster,
                        new MarkerSettings(
                                directory.resolve("state-" + ++starts), 1, 0, 1, MarkerSettings.COMMIT_INTERVAL, 3),
                        new MarkerMeter(),
                        failure::set),
                MarkerService::start);
    }

    protected EnumeratorService startEnumerator(Storage storage, Duration stall) {
        return start(
                new EnumeratorService(
                        cluster,
                        storage,
                        Optional.empty(),
                        DescriptorCache.NONE,
                        directory,
                        TopicSettings.DEFAULT_RETENTION,
                        4,
                        Optional.empty(),
                        stall,
                        new EnumeratorMeter(),
                        failure::set),
                EnumeratorService::start);
    }

    protected void startSweeper(Storage storage) {
        start(
                new SweeperService(
                        cluster,
                        storage,
                        TrashRetention.NONE,
                        Optional.empty(),
                        true,
                        new SweeperMeter(),
                        failure::set),
                SweeperService::start);
    }

    protected <S extends AutoCloseable> S start(S service, Consumer<S> start) {
        services.push(service);
        start.accept(service);
        return service;
    }

    protected Storage storage() {
        return FilesystemStorage.open(registry.root());
    }

    protected Tidemark.Result tidemark(String... arguments) {
        var all = new ArrayList<>(List.of("--bootstrap-servers", kafka.bootstrapServers(), "--prefix", prefix));
        all.addAll(List.of(arguments));
        return Tidemark.run(all.toArray(String[]::new));
    }

    protected RunHistory history() {
        return RunHistory.read(cluster);
    }

    protected Run latest() {
        return history().latest().orElseThrow().run();
    }

    protected Run awaitEnd() {
        Processes.await("the run ends", () -> latest().ended());
        return latest();
    }
}
