package dev.tidemark.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Processes;
import dev.tidemark.cli.Tidemark;
import dev.tidemark.testkit.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** A real Kafka cluster: each node a process of its own, broker and controller at once. */
public final class KafkaProcesses implements AutoCloseable {

    private final Path directory;
    private final int nodes;
    private final List<String> more;
    private final List<Integer> clientPorts;
    private final List<Process> processes = new ArrayList<>();

    private KafkaProcesses(Path directory, int nodes, List<String> more) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.nodes = nodes;
        this.more = more;
        List<Integer> ports = FreePorts.of(2 * nodes);
        clientPorts = ports.subList(0, nodes);
        List<Integer> controllerPorts = ports.subList(nodes, 2 * nodes);
        String clusterId = Uuid.randomUuid().toString();
        String voters = IntStream.range(0, nodes)
                .mapToObj(n -> n + "@localhost:" + controllerPorts.get(n))
                .collect(Collectors.joining(","));
        for (int node = 0; node < nodes; node++) {
            Files.writeString(settings(node), settings(node, voters, controllerPorts.get(node)));
            var said = new ByteArrayOutputStream();
            String[] format = {"format", "-t", clusterId, "-c", settings(node).toString()};
            assertThat(StorageTool.execute(format, new PrintStream(said)))
                    .as(said.toString())
                    .isZero();
        }
    }

    /** @param more settings of its nodes */
    public static KafkaProcesses start(Path directory, int nodes, List<String> more) {
        try {
            var cluster = new KafkaProcesses(directory, nodes, more);
            for (int node = 0; node < nodes; node++) {
                cluster.processes.add(cluster.node(node));
            }
            cluster.awaitReady();
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Settings of nodes that may die. Kafka's own times where an undisturbed run takes some seconds, and longer ones on
     * a slower machine: there the nodes would take each other for dead for being slow, and elect one leader after the
     * other.
     *
     * @param undisturbed how long such a run takes here
     */
    static List<String> timeOuts(Duration undisturbed) {
        long pace = Math.clamp(undisturbed.toSeconds() / 8, 1, 6);
        return List.of(
                "broker.session.timeout.ms=" + 9_000 * pace,
                "controller.quorum.fetch.timeout.ms=" + 2_000 * pace,
                "controller.quorum.request.timeout.ms=" + 2_000 * pace,
                "controller.quorum.election.timeout.ms=" + 1_000 * pace,
                // A node that is started again is let in once the session of the killed one is over.
                "initial.broker.registration.timeout.ms=" + Processes.LONGEST.toMillis());
    }

    private String settings(int node, String voters, int controllerPort) {
        int replicas = Math.min(3, nodes);
        return String.join(
                "\n",
                "process.roles=broker,controller",
                "node.id=" + node,
                "controller.quorum.voters=" + voters,
                "listeners=PLAINTEXT://localhost:" + clientPorts.get(node) + ",CONTROLLER://localhost:"
                        + controllerPort,
                "advertised.listeners=PLAINTEXT://localhost:" + clientPorts.get(node),
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "log.dirs=" + directory.resolve("node-" + node).toString(),
                "default.replication.factor=" + replicas,
                "min.insync.replicas=" + Math.max(1, replicas - 1),
                "offsets.topic.replication.factor=" + replicas,
                "offsets.topic.num.partitions=3",
                "transaction.state.log.replication.factor=" + replicas,
                "transaction.state.log.min.isr=" + Math.max(1, replicas - 1),
                "transaction.state.log.num.partitions=3",
                "group.initial.rebalance.delay.ms=0",
                "group.min.session.timeout.ms=1000",
                "auto.create.topics.enable=false",
                "num.network.threads=2",
                "num.io.threads=2",
                "log.cleaner.dedupe.buffer.size=8388608",
                "controlled.shutdown.enable=true",
                String.join("\n", more),
                "");
    }

    private Path settings(int node) {
        return directory.resolve("node-" + node + ".properties");
    }

    private Path output(int node) {
        return directory.resolve("node-" + node + ".output");
    }

    private Process node(int node) {
        return Processes.java(
                "256m", "kafka.Kafka", output(node), Map.of(), settings(node).toString());
    }

    public String bootstrapServers() {
        return clientPorts.stream().map(port -> "localhost:" + port).collect(Collectors.joining(","));
    }

    int nodes() {
        return nodes;
    }

    Admin admin() {
        return Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()));
    }

    public void kill(int node) {
        Processes.kill(processes.get(node));
    }

    void stop(int node) {
        Processes.signal(processes.get(node), "STOP");
    }

    void goOn(int node) {
        Processes.signal(processes.get(node), "CONT");
    }

    public void restart(int node) {
        processes.set(node, node(node));
    }

    /** Types a command at this cluster. */
    public Tidemark.Result tidemark(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--bootstrap-servers", bootstrapServers()));
        all.addAll(List.of(arguments));
        return Tidemark.run(all.toArray(String[]::new));
    }

    /** Waits until all nodes are in the cluster. */
    void awaitReady() {
        try (Admin admin = admin()) {
            Processes.await("Kafka comes up", () -> {
                try {
                    return admin.describeCluster()
                                    .nodes()
                                    .get(1, TimeUnit.MINUTES)
                                    .size()
                            == nodes;
                } catch (ExecutionException | TimeoutException e) {
                    return false;
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        processes.forEach(Processes::awaitEnd);
    }
}
