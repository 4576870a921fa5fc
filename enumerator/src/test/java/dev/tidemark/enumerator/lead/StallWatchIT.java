package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.TestKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run whose marker has all its input, on a real broker. */
class StallWatchIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Run RUN = Run.after(
                    Optional.empty(),
                    new RunRecord.Requested(
                            new RunId("20260101-000000"), 1, new Options(1, true, false), 75, "me", null, null, null))
            .orElseThrow();

    private static int number;

    @TempDir
    private static Path kafkaDirectory;

    private static TestKafka kafka;

    @TempDir
    private Path directory;

    private Map<String, Object> clients;
    private Topics topics;
    private Storage storage;
    private StallWatch watch;

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start(kafkaDirectory);
    }

    @AfterAll
    static void stopKafka() throws Exception {
        kafka.close();
    }

    @BeforeEach
    void start() throws Exception {
        clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
        var settings = new TopicSettings(
                "stall-" + ++number + ".", OptionalInt.of(2), 2, (short) 1, Duration.ofDays(30), Duration.ofDays(365));
        try (Admin admin = Admin.create(clients)) {
            topics = TopicCreation.ensure(admin, settings);
        }
        storage = FilesystemStorage.open(RegistryOnDisk.at(directory).root());
        watch = new StallWatch(new Cluster(clients, topics), TIMEOUT, storage);
    }

    @AfterEach
    void close() {
        watch.close();
        storage.close();
    }

    static Stream<Function<Topics, String>> written() {
        return Stream.of(Topics::marks, Topics::eligible, Topics::eligibleDryRun, Topics::markerProgress);
    }

    @ParameterizedTest
    @MethodSource("written")
    void aMarkerThatWritesSlowlyGoesOnAndOneThatWritesNothingDoesNot(Function<Topics, String> written)
            throws Exception {
        try (Admin admin = Admin.create(clients);
                var producer = new KafkaProducer<>(clients, new StringSerializer(), new StringSerializer())) {
            // As Kafka Streams does, once there is a marker.
            admin.createTopics(List.of(new NewTopic(topics.markerProgress(), topics.partitions(), (short) 1)))
                    .all()
                    .get();
            long end = System.nanoTime() + TIMEOUT.multipliedBy(3).toNanos();
            while (System.nanoTime() < end) {
                producer.send(new ProducerRecord<>(written.apply(topics), 1, "key", "value"))
                        .get();
                assertThat(look()).isEmpty();
            }
        }

        assertThatItStalls();
    }

    /** As a marker does that dies before each commit: what it has written is aborted, and moves the ends. */
    @Test
    void aRunOfWhichNothingIsEverCommittedStalls() throws Exception {
        try (var producer = new KafkaProducer<>(clients, new StringSerializer(), new StringSerializer())) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            Optional<String> why = Optional.empty();
            while (why.isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(end);
                producer.send(new ProducerRecord<>(topics.marks(), 1, "key", "value"))
                        .get();
                why = look();
            }
            assertThat(why.orElseThrow()).startsWith("nothing has moved for");
        }
    }

    /** Nobody waits for the end of what is not there. */
    @Test
    void aRunWhoseTopicsAreGoneStalls() throws Exception {
        try (Admin admin = Admin.create(clients)) {
            admin.deleteTopics(topics.keyedByDigest()).all().get();
        }

        assertThatItStalls();
    }

    private void assertThatItStalls() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Optional<String> why = look();
        while (why.isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(end);
            why = look();
        }
        assertThat(why).hasValueSatisfying(text -> assertThat(text).startsWith("nothing has moved for"));
    }

    /** Each look comes later than the shortest time between two. */
    private Optional<String> look() throws InterruptedException {
        Thread.sleep(TIMEOUT.dividedBy(25));
        return watch.look(RUN, 0);
    }
}
