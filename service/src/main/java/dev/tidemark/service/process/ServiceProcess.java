package dev.tidemark.service.process;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.GroupProtocol;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.kafka.topic.TopicsException;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Causes;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.service.health.EventsEndpoint;
import dev.tidemark.service.health.Health;
import dev.tidemark.service.health.HttpEndpoints;
import dev.tidemark.service.health.KafkaWatch;
import dev.tidemark.service.logs.ServiceLogs;
import dev.tidemark.service.metrics.RunMetrics;
import dev.tidemark.service.metrics.ServiceMetrics;
import dev.tidemark.service.settings.InvalidSettingsException;
import dev.tidemark.service.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that is one of the three services: it reads its settings, has health, metrics and logs, and runs until it
 * is told to end.
 */
public final class ServiceProcess {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);
    private static final Duration KAFKA_AGAIN = Duration.ofSeconds(2);

    /** A service that was started. */
    public interface Started extends AutoCloseable {

        boolean ready();

        RunFollower runs();

        /** Takes the registry's notifications, if this service does. */
        default Optional<EventsEndpoint> events() {
            return Optional.empty();
        }

        @Override
        void close();
    }

    /** Makes a service, with its metrics, and starts it. */
    public interface Start {
        Started start(Settings settings, Cluster cluster, ServiceMetrics metrics, Consumer<Throwable> onFailure);
    }

    private final String name;
    private final Consumer<Settings> check;
    private final Start start;
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private volatile Optional<Started> service = Optional.empty();

    /**
     * @param check of the settings that only this service needs; done before anything is started
     */
    public ServiceProcess(String name, Consumer<Settings> check, Start start) {
        this.name = name;
        this.check = check;
        this.start = start;
    }

    /**
     * Runs until the process is told to end.
     *
     * @param file with settings, beside the environment
     * @return the exit code
     * @throws InvalidSettingsException if a setting is wrong, or the topics don't fit
     */
    public int run(Optional<Path> file) {
        try {
            return run(Settings.read(System.getenv(), file));
        } catch (TopicsException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    private int run(Settings settings) {
        check.accept(settings);
        String instance = settings.instance().orElseGet(ServiceProcess::host);
        ServiceLogs.configure(name, instance, settings.logJson(), settings.logLevel(), this::runAtHand);
        Thread.setDefaultUncaughtExceptionHandler(
                (thread, why) -> LOG.error("the thread {} has ended", thread.getName(), why));
        LOG.info("{}, {}: {}", new Version().getVersion()[0], name, settings.summary());
        Deque<AutoCloseable> open = new ArrayDeque<>();
        var end = new Thread(
                () -> {
                    LOG.info("told to end");
                    closeAll(open);
                    LOG.info("ended");
                },
                "end");
        try {
            var metrics = new ServiceMetrics(name, instance);
            open.push(metrics);
            var health = new Health();
            health.live(
                    "service", () -> Optional.ofNullable(failure.getNow(null)).map(Throwable::toString));
            KafkaWatch kafka = watch(settings);
            open.push(kafka);
            health.ready("kafka", kafka::problem);
            // Without Kafka it can't, and that is said already.
            health.ready(
                    "service",
                    () -> kafka.problem().isPresent()
                                    || service.map(Started::ready).orElse(false)
                            ? Optional.empty()
                            : Optional.of("it has not joined its group yet"));
            Optional<HttpEndpoints> endpoints = settings.httpPort().stream()
                    .mapToObj(port -> {
                        var http = new HttpEndpoints(port, health, metrics::scrape);
                        LOG.info("health and metrics at port {}", http.port());
                        open.push(http);
                        return http;
                    })
                    .findFirst();
            Runtime.getRuntime().addShutdownHook(end);
            Cluster cluster = cluster(settings, metrics, kafka);
            Topics topics = cluster.topics();
            Started started = start.start(settings, cluster, metrics, failure::complete);
            open.push(started);
            service = Optional.of(started);
            started.events().ifPresent(events -> endpoints.ifPresent(http -> http.take(events)));
            RunFollower runs = started.runs();
            new RunMetrics(InstantSource.system(), runs::latest, runs::changedAt, runs::succeededAt).bindTo(metrics);
            LOG.info(
                    "started: {}* with {}, group protocol {}",
                    topics.prefix(),
                    Counted.of(topics.partitions(), "partition"),
                    cluster.groups());
            Throwable why = failure.get();
            LOG.error("the {} cannot go on", name, why);
            return ServiceExit.FAILED;
        } catch (InterruptedException | ExecutionException e) {
            Thread.currentThread().interrupt();
            return ServiceExit.FAILED;
        } finally {
            closeAll(open);
        }
    }

    private static KafkaWatch watch(Settings settings) {
        try {
            return KafkaWatch.start(settings.kafka());
        } catch (KafkaException e) {
            throw cannotBeReached(e);
        }
    }

    private static InvalidSettingsException cannotBeReached(KafkaException why) {
        return new InvalidSettingsException("Kafka cannot be reached as configured: " + Causes.of(why), why);
    }

    /** That it doesn't answer is said already. */
    private static void notReady(Exception why, KafkaWatch kafka) {
        if (kafka.problem().isEmpty()) {
            LOG.warn("Kafka is not ready: {}", why.getMessage());
        }
    }

    /** Waits for Kafka as long as it takes: in a cluster that is being started, everybody is. */
    private static Cluster cluster(Settings settings, ServiceMetrics metrics, KafkaWatch kafka)
            throws InterruptedException {
        var wanted = new TopicSettings(
                settings.prefix(),
                settings.partitions(),
                settings.partitions().orElse(TopicSettings.DEFAULT_PARTITIONS),
                settings.replication(),
                settings.retention(),
                settings.runsRetention());
        while (true) {
            try (Admin admin = Admin.create(GroupProtocol.without(settings.kafka()))) {
                return new Cluster(settings.kafka(), TopicCreation.ensure(admin, wanted), metrics)
                        .withNewestGroups(admin);
            } catch (TopicsException e) {
                if (!(e.getCause() instanceof RetriableException)) {
                    throw e;
                }
                notReady(e, kafka);
            } catch (RetriableException e) {
                notReady(e, kafka);
            } catch (KafkaException e) {
                throw cannotBeReached(e);
            }
            Thread.sleep(KAFKA_AGAIN.toMillis());
        }
    }

    private String runAtHand() {
        return service.flatMap(started -> started.runs().latest())
                .filter(run -> !run.ended())
                .map(Run::id)
                .map(Object::toString)
                .orElse("-");
    }

    private static synchronized void closeAll(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("did not close in order", e);
            }
        }
    }

    /** This host's name, which an instance has if nobody gives it another. */
    public static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    /** A service by its parts. */
    public static Started started(BooleanSupplier ready, RunFollower runs, AutoCloseable service) {
        return started(ready, runs, Optional.empty(), service);
    }

    /** A service that may take the registry's notifications, by its parts. */
    static Started started(
            BooleanSupplier ready, RunFollower runs, Optional<EventsEndpoint> events, AutoCloseable service) {
        return new Started() {
            @Override
            public Optional<EventsEndpoint> events() {
                return events;
            }

            @Override
            public boolean ready() {
                return ready.getAsBoolean();
            }

            @Override
            public RunFollower runs() {
                return runs;
            }

            @Override
            public void close() {
                try {
                    service.close();
                } catch (Exception e) {
                    throw new IllegalStateException("the service did not close", e);
                }
            }
        };
    }
}
