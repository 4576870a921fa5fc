package dev.tidemark.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.faults.KafkaProcesses;
import dev.tidemark.cli.faults.ServiceProcesses;
import dev.tidemark.testkit.FreePorts;
import dev.tidemark.testkit.RegistryConfigFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A broker and the three services beside a live registry, whose events they take: each a process of its own. */
final class LiveServices implements AutoCloseable {

    private static final String SECRET = "a secret";
    private static final String SWEEPER = "sweeper-0";
    private static final List<String> NAMES = List.of("enumerator-0", "marker-0", SWEEPER);

    private final int eventsPort = FreePorts.of(1).getFirst();
    private final KafkaProcesses kafka;
    private final ServiceProcesses services;
    private final Map<String, String> settings;

    /**
     * Starts a broker.
     *
     * @param settings of the services, beside those that all have
     */
    LiveServices(Path directory, Map<String, String> settings) {
        kafka = KafkaProcesses.start(directory.resolve("kafka"), 1, List.of());
        services = new ServiceProcesses(directory, this::environment);
        this.settings = new HashMap<>(settings);
        this.settings.put("TIDEMARK_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        this.settings.put("TIDEMARK_PARTITIONS", "3");
        this.settings.put("TIDEMARK_THREADS", "1");
        this.settings.put("TIDEMARK_MAX_PUSH", "2s");
        this.settings.put("TIDEMARK_EVENTS_SECRET", SECRET);
        this.settings.putAll(ServiceProcesses.SHORT_SESSIONS);
    }

    private Map<String, String> environment(String name) {
        var own = new HashMap<>(settings);
        own.put("TIDEMARK_HTTP_PORT", name.equals(SWEEPER) ? Integer.toString(eventsPort) : "0");
        return own;
    }

    /** The section of a registry's config.yml that has its events sent here. */
    String notifications() {
        return RegistryConfigFile.notifications(eventsPort, SECRET);
    }

    /** Starts the services at a registry, which its config.yml names. */
    void start(Path config) {
        settings.put("TIDEMARK_REGISTRY", config.toString());
        NAMES.forEach(services::start);
        Processes.await("a service has made the topics", () -> tidemark("runs").exitCode() == ExitCode.DONE);
    }

    private Tidemark.Result tidemark(String... arguments) {
        return kafka.tidemark(arguments);
    }

    /** Asks for a run, and follows it to its end. */
    void run(String... options) {
        Tidemark.Result result =
                tidemark(Stream.concat(Stream.of("run"), Stream.of(options)).toArray(String[]::new));
        services.assertAlive();
        assertThat(result.exitCode())
                .as(() -> result.out() + result.err() + services.logs())
                .isZero();
    }

    /** What kills one of them, and starts it again. */
    Stream<Runnable> kills() {
        return Stream.concat(
                NAMES.stream().map(name -> () -> killAndRestart(name)), Stream.of(this::killAndRestartBroker));
    }

    private void killAndRestart(String name) {
        services.assertAlive();
        services.killAndRestart(name);
    }

    private void killAndRestartBroker() {
        kafka.kill(0);
        kafka.restart(0);
    }

    @Override
    public void close() {
        services.close();
        kafka.close();
    }
}
