package dev.tidemark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedKafkaIT {

    @TempDir
    Path temp;

    @Test
    void readsWhatAnEarlierBrokerOfTheSameDirectoryStored() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp);
                Clients clients = new Clients(kafka)) {
            clients.createTopic("tides", Map.of());
            clients.send("tides", "ebb");
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp);
                Clients clients = new Clients(kafka)) {
            clients.send("tides", "flow");
            assertThat(clients.read("tides")).containsExactly("ebb", "flow");
        }
    }

    @Test
    void listensOnTheGivenPort() throws Exception {
        int port = freePort();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp, port, elapsed -> {});
                Clients clients = new Clients(kafka)) {
            assertThat(kafka.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
            clients.createTopic("tides", Map.of());
        }
    }

    /** A copy of a running broker's directory is what kill -9 leaves, or worse. */
    @Test
    void recoversFromAKill() throws Exception {
        Path killed = temp.resolve("killed");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp.resolve("original"));
                Clients clients = new Clients(kafka)) {
            clients.createTopic("tides", Map.of());
            clients.send("tides", "ebb");
            copy(temp.resolve("original"), killed);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(killed);
                Clients clients = new Clients(kafka)) {
            clients.send("tides", "flow");
            assertThat(clients.read("tides")).containsExactly("ebb", "flow");
        }
    }

    @Test
    void deletesWhatIsBeyondRetentionSoonAfterItsStart() throws Exception {
        Instant longAgo = Instant.now().minus(Duration.ofDays(3));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp);
                Clients clients = new Clients(kafka)) {
            for (String topic : new String[] {"idle", "busy"}) {
                clients.createTopic(topic, Map.of("retention.ms", "-1"));
                clients.send(topic, "old", longAgo);
            }
            clients.send("busy", "new");
            clients.setRetention("idle", Duration.ofDays(1));
            clients.setRetention("busy", Duration.ofDays(1));
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp);
                Clients clients = new Clients(kafka)) {
            clients.awaitStartOffset("idle", 1);
            clients.awaitStartOffset("busy", 1);
            assertThat(clients.read("busy")).containsExactly("new");
        }
        EmbeddedKafka.start(temp).close();
        try (Stream<Path> segments = Files.list(temp.resolve("busy-0"))) {
            assertThat(segments.map(path -> path.getFileName().toString()).filter(name -> name.contains(".log")))
                    .containsExactly("00000000000000000001.log");
        }
    }

    /** Its session timeout is 45 s: the test would not end in time. */
    @Test
    void doesNotWaitForConsumersOfAnEarlierRun() throws Exception {
        for (String protocol : new String[] {"classic", "consumer"}) {
            Path original = temp.resolve(protocol);
            Path copy = temp.resolve(protocol + "-killed");
            try (EmbeddedKafka kafka = EmbeddedKafka.start(original);
                    Clients clients = new Clients(kafka)) {
                clients.createTopic("tides", Map.of());
                clients.send("tides", "ebb");
                clients.readAsGroup("gauges", protocol, "tides", 1, () -> copy(original, copy));
            }
            try (EmbeddedKafka kafka = EmbeddedKafka.start(copy);
                    Clients clients = new Clients(kafka)) {
                clients.send("tides", "flow");
                assertThat(clients.readAsGroup("gauges", protocol, "tides", 1, () -> {}))
                        .containsExactly("flow");
            }
        }
    }

    @Test
    void takesRecordsOfManyMegabytes() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp);
                Clients clients = new Clients(kafka)) {
            clients.createTopic("tides", Map.of());
            String value = "x".repeat(60 * 1024 * 1024);
            clients.send("tides", value);
            assertThat(clients.read("tides")).containsExactly(value);
        }
    }

    @Test
    void refusesADirectoryThatIsInUse() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(temp))
                    .isInstanceOf(EmbeddedKafkaException.class)
                    .hasMessageContaining("already runs on " + temp);
            assertThat(kafka.failure()).isNotDone();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meta.properties",
                "replication-offset-checkpoint",
                "recovery-point-offset-checkpoint",
                "log-start-offset-checkpoint",
                "__cluster_metadata-0/quorum-state",
                "tides-0/partition.metadata",
                "tides-0/leader-epoch-checkpoint"
            })
    void namesTheFileThatIsDamaged(String name) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp);
                Clients clients = new Clients(kafka)) {
            clients.createTopic("tides", Map.of());
            clients.send("tides", "ebb");
        }
        Path file = temp.resolve(name);
        Files.write(file, new byte[] {(byte) 0x80, (byte) 0xfe, 0, 1, 2, 3});
        assertThatThrownBy(() -> EmbeddedKafka.start(temp))
                .isInstanceOf(EmbeddedKafkaException.class)
                .hasMessageContaining("cannot start on " + temp + ": " + file + " is damaged")
                .hasMessageContaining("Move that directory away");
    }

    @Test
    void namesAFileThatStandsWhereADirectoryBelongs() throws Exception {
        EmbeddedKafka.start(temp).close();
        Path metadata = temp.resolve("__cluster_metadata-0");
        Files.move(metadata, temp.resolve("kept"));
        Files.writeString(metadata, "not a directory");
        assertThatThrownBy(() -> EmbeddedKafka.start(temp))
                .hasMessageContaining(metadata + " is damaged (it is no directory)");
    }

    /** A transaction lasts for days here: the test would not end in time. */
    @Test
    void doesNotWaitForTransactionsOfAnEarlierRun() throws Exception {
        Path killed = temp.resolve("killed");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp.resolve("original"));
                Clients clients = new Clients(kafka)) {
            clients.createTopic("tides", Map.of());
            clients.sendInOpenTransaction(
                    "gauge", "tides", "never committed", () -> copy(temp.resolve("original"), killed));
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(killed);
                Clients clients = new Clients(kafka)) {
            clients.send("tides", "flow");
            assertThat(clients.readCommitted("tides", 1)).containsExactly("flow");
        }
    }

    /** As with a full disk: the JVM goes on, and its owner is told. */
    @Test
    void tellsItsOwnerWhenItCanNoLongerUseItsDirectory() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(temp);
                Clients clients = new Clients(kafka)) {
            clients.createTopic("tides", Map.of());
            clients.send("tides", "ebb", Instant.now().minus(Duration.ofHours(3)));
            delete(temp.resolve("tides-0"));
            Files.writeString(temp.resolve("tides-0"), "in the way of the next segment");
            clients.sendWithoutWaiting("tides", "flow");
            assertThat(kafka.failure().get(10, TimeUnit.MINUTES))
                    .hasMessageContaining("can no longer use " + temp)
                    .hasMessageContaining("not full");
        }
    }

    @Test
    void printsNothing() throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            System.setErr(capture);
            EmbeddedKafka.start(temp).close();
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void canBeClosedTwice() {
        EmbeddedKafka kafka = EmbeddedKafka.start(temp);
        kafka.close();
        kafka.close();
        assertThat(kafka.failure()).isNotDone();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
