package dev.tidemark.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.marker.MarkerMeter;
import dev.tidemark.marker.MarkerService;
import dev.tidemark.marker.MarkerSettings;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.service.EventsEndpoint;
import dev.tidemark.service.Health;
import dev.tidemark.service.HttpEndpoints;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.EventReceiver;
import dev.tidemark.sweeper.SweeperMeter;
import dev.tidemark.sweeper.SweeperService;
import dev.tidemark.sweeper.TrashRetention;
import dev.tidemark.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;

/** The three services beside a live registry, whose events they take. */
final class LiveServices implements AutoCloseable {

    private static final String SECRET = "a secret";

    private final Path directory;
    private final TestKafka kafka;
    private final HttpEndpoints http = new HttpEndpoints(0, new Health(), () -> "");
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Starts a Kafka, and the place that takes events. */
    LiveServices(Path directory) {
        this.directory = directory;
        kafka = TestKafka.start(directory.resolve("kafka"));
        opened.push(kafka);
        opened.push(http);
    }

    /** The section of a registry's config.yml that has its events sent here. */
    String notifications() {
        return """
          notifications:
            endpoints:
              - name: tidemark
                url: http://127.0.0.1:%d/events
                headers: {Authorization: [Bearer %s]}
                timeout: 10s
                threshold: 1
                backoff: 100ms
          """.formatted(http.port(), SECRET).indent(0);
    }

    /** Starts the services at a registry on a filesystem, which remembers its blobs in memory. */
    void start(Path root) {
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        Cluster cluster;
        try (Admin admin = Admin.create(settings)) {
            cluster = new Cluster(settings, TopicCreation.ensure(admin, TopicSettings.defaults()));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Storage storage = opened(FilesystemStorage.open(root));
        var meter = new SweeperMeter();
        opened(new MarkerService(
                        cluster,
                        new MarkerSettings(directory.resolve("state"), 1, 0, 1, MarkerSettings.COMMIT_INTERVAL, 3),
                        new MarkerMeter(),
                        failure::set))
                .start();
        opened(new EnumeratorService(
                        cluster,
                        storage,
                        Optional.empty(),
                        DescriptorCache.IN_MEMORY,
                        directory,
                        TopicSettings.DEFAULT_RETENTION,
                        4,
                        Optional.empty(),
                        Duration.ofMinutes(10),
                        new EnumeratorMeter(),
                        failure::set))
                .start();
        var events = opened(new EventReceiver(cluster, meter));
        var sweeper = opened(new SweeperService(
                cluster,
                storage,
                new TrashRetention(Optional.of(Duration.ofDays(1)), Duration.ofSeconds(2), true),
                Optional.empty(),
                true,
                meter,
                failure::set));
        sweeper.start();
        Processes.await("the sweeper is ready", sweeper::ready);
        http.take(new EventsEndpoint(SECRET, events::accept));
    }

    private <C extends AutoCloseable> C opened(C closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** Asks for a run, and follows it to its end. */
    void run(String... options) {
        List<String> all = new ArrayList<>(List.of("run", "--bootstrap-servers", kafka.bootstrapServers()));
        all.addAll(List.of(options));
        Tidemark.Result result = Tidemark.run(all.toArray(String[]::new));
        assertThat(failure.get()).isNull();
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable closeable : opened) {
            closeable.close();
        }
    }
}
