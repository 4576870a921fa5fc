package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.service.HeldService;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Kafka, a registry, and the services beside it, each a process of its own; and what an undisturbed run would come to.
 */
final class Deployment implements AutoCloseable {

    /** A broker allows a quarter of an hour at most. */
    private static final Duration LONGEST_TRANSACTION = Duration.ofMinutes(10);

    private final Path directory;
    private final Path root;
    private final int images;
    private final KafkaProcesses kafka;
    private final Map<String, String> environment = new HashMap<>();
    private final ServiceProcesses services;
    private final List<String> expectedDeletions;
    private final Map<String, String> undisturbed;
    private RegistryOnDisk registry;

    private Deployment(Path directory, int images, int brokers, Groups groups) {
        this.directory = directory;
        this.images = images;
        root = directory.resolve("registry");
        UndisturbedRun run = UndisturbedRun.of(images);
        undisturbed = run.leaves();
        expectedDeletions = run.plan().stream()
                .map(line -> "DELETED %s %s %s"
                        .formatted(
                                line.path("kind").asText().toUpperCase(Locale.ROOT),
                                line.path("repository").asText("null"),
                                line.path("digest").asText()))
                .toList();
        assertThat(expectedDeletions).hasSizeGreaterThan(images);
        freshRegistry();
        List<String> ofBrokers = new ArrayList<>(groups.ofBrokers);
        if (brokers > 1) {
            ofBrokers.addAll(KafkaProcesses.timeOuts(run.took()));
        }
        kafka = KafkaProcesses.start(directory.resolve("kafka"), brokers, ofBrokers);
        environment.put("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("TIDEMARK_REGISTRY", root.toString());
        environment.put("TIDEMARK_PARTITIONS", "6");
        environment.put("TIDEMARK_HTTP_PORT", "0");
        environment.put("TIDEMARK_THREADS", "1");
        environment.putAll(groups.ofServices);
        services = new ServiceProcesses(directory, name -> environment);
    }

    /** With all that services need, and none of them. */
    static Deployment start(Path directory, int brokers, Groups groups) {
        return new Deployment(directory, FaultRegistry.IMAGES, brokers, groups);
    }

    /** One of each service on one broker, at a registry of so many images. None is taken for dead. */
    static Deployment ofImages(int images, Path directory, Map<String, String> settings) {
        var deployment = new Deployment(directory, images, 1, Groups.PATIENT);
        deployment.environment.putAll(settings);
        deployment.start(List.of("enumerator", "marker", "sweeper"), 1);
        return deployment;
    }

    /** One of each service, on brokers that may die; no service does, and none is taken for dead. */
    static Deployment ofBrokers(int brokers, Path directory) {
        Deployment deployment = start(directory, brokers, Groups.UNTOLD);
        deployment.environment.put("kafka.group.protocol", "classic");
        deployment.environment.put("kafka.transaction.timeout.ms", Long.toString(LONGEST_TRANSACTION.toMillis()));
        deployment.start(List.of("enumerator", "marker", "sweeper"), 1);
        return deployment;
    }

    static Deployment start(Path directory, List<String> services, int instances, Map<String, String> settings) {
        Deployment deployment = start(directory, 1, Groups.CLASSIC);
        deployment.environment.putAll(settings);
        deployment.start(services, instances);
        return deployment;
    }

    void start(List<String> services, int instances) {
        for (String service : services) {
            for (int i = 0; i < instances; i++) {
                start(service + "-" + i);
            }
        }
    }

    /** The registry as it was before anything was swept. */
    void freshRegistry() {
        if (Files.exists(root)) {
            RegistryOnDisk.remove(root);
        }
        registry = FaultRegistry.make(root, images);
    }

    RegistryOnDisk registry() {
        return registry;
    }

    KafkaProcesses kafka() {
        return kafka;
    }

    /** As {@code marker-0}. */
    List<String> names() {
        return services.names();
    }

    void start(String name) {
        services.start(name);
    }

    /** @param more settings of this one process, beside those of all */
    void start(String name, Map<String, String> more) {
        services.start(name, more);
    }

    Path output(String name) {
        return services.output(name);
    }

    Process process(String name) {
        return services.process(name);
    }

    /** A service that its storage holds in the middle of its work, see {@link HeldService}. */
    void startHeld(String name) {
        services.start(
                name,
                HeldService.class,
                ServiceProcesses.service(name),
                directory.resolve(name).toString());
    }

    /** What a held one was at, a path each time. */
    List<String> witness(String name) {
        return HeldService.witness(directory.resolve(name));
    }

    List<String> begun(String name) {
        return HeldService.begun(directory.resolve(name));
    }

    void release(String name) {
        HeldService.release(directory.resolve(name));
    }

    void stop(String name) {
        Processes.signal(process(name), "STOP");
    }

    void goOn(String name) {
        Processes.signal(process(name), "CONT");
    }

    void killAndRestart(String name) {
        services.killAndRestart(name);
    }

    /** Its group takes it for dead, and it doesn't know. */
    void stopBeyondItsSession(String name) {
        stop(name);
        Processes.pause(ServiceProcesses.SESSION.plusSeconds(2).toMillis());
        goOn(name);
    }

    Tidemark.Result tidemark(String... arguments) {
        return kafka.tidemark(arguments);
    }

    /** Asks for a run that deletes all that can be. */
    RunId request() {
        Processes.await("a service has made the topics", () -> tidemark("runs").exitCode() == ExitCode.DONE);
        Tidemark.Result asked = tidemark("run", "-m", "--min-age", "0", "--max-delete", "100", "--detach");
        assertThat(asked.exitCode()).as(asked.err()).isZero();
        return new RunId(asked.out().strip());
    }

    Run run(RunId run) {
        return RunHistory.read(cluster()).of(run).orElseThrow().run();
    }

    void awaitState(RunId run, Run.State state) {
        await("the run is " + state, () -> run(run).state().compareTo(state) >= 0);
    }

    void awaitEnd(RunId run) {
        try {
            await("the run ends", () -> run(run).ended());
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + " " + tidemark("show", run.toString()).out(), e);
        }
    }

    /** Fails if a service dies meanwhile. What the services logged is part of the failure. */
    void await(String what, BooleanSupplier condition) {
        try {
            Processes.await(what, () -> {
                services.assertAlive();
                return condition.getAsBoolean();
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + services.logs(), e);
        }
    }

    Cluster cluster() {
        return new Connection(Map.of("bootstrap.servers", kafka.bootstrapServers()), "tidemark.")
                .cluster(Duration.ZERO);
    }

    /** What is recorded of a run, a line each. */
    List<String> deletions(RunId run) {
        return RecordedDeletions.of(cluster(), run);
    }

    void assertSweptAsUndisturbed(RunId run, String when) {
        assertFilesSweptAsUndisturbed(run, when);
        assertThat(registry.snapshot()).as(when).isEqualTo(undisturbed);
    }

    /** The same in a bucket, which has no empty directories. */
    void assertFilesSweptAsUndisturbed(RunId run, String when) {
        Run ended = run(run);
        assertThat(ended.state()).as(when + ": " + ended.end()).isEqualTo(Run.State.SWEPT);
        assertThat(TrashedFiles.of(registry.snapshot())).as(when).isEqualTo(TrashedFiles.of(undisturbed));
        assertThat(deletions(run))
                .as("one record for each deletion, " + when)
                .containsExactlyInAnyOrderElementsOf(expectedDeletions);
    }

    @Override
    public void close() {
        services.close();
        kafka.close();
    }
}
