package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.TestKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Markers on one real broker. Each test has topics and markers of its own. */
abstract class MarkersOnOneBroker {

    private static final int PARTITIONS = 4;
    private static final AtomicInteger TESTS = new AtomicInteger();

    static final RunId RUN = new RunId("20260101-000000");
    static final Options OPTIONS = new Options(RandomInput.CUTOFF, true, false);

    @TempDir
    private static Path kafkaDirectory;

    static TestKafka kafka;

    @TempDir
    Path state;

    MarkersOnKafka markers;
    Topics topics;

    @BeforeAll
    static void startKafka() {
        kafka = TestKafka.start(kafkaDirectory);
    }

    @AfterAll
    static void stopKafka() throws Exception {
        kafka.close();
    }

    @BeforeEach
    void makeTopics(TestInfo test) throws Exception {
        markers = new MarkersOnKafka(
                kafka.bootstrapServers(),
                test.getTestMethod().orElseThrow().getName() + "-" + TESTS.incrementAndGet() + ".",
                PARTITIONS,
                state);
        topics = markers.topics();
    }

    /** @param history the tags that have named it */
    static Held<?> manifest(List<String> history) {
        return new Held<>(
                "app",
                new Manifest(
                        RandomInput.digest("large"),
                        null,
                        1,
                        1,
                        List.of(),
                        List.of(),
                        history,
                        List.of(),
                        null,
                        List.of(),
                        null,
                        null,
                        null,
                        false));
    }

    /** Whether each of the instances has partitions, and together they have all twelve. */
    static boolean share(MarkerService... instances) {
        List<Set<Integer>> shares =
                Stream.of(instances).map(MarkersOnOneBroker::partitions).toList();
        return shares.stream().noneMatch(Set::isEmpty)
                && shares.stream().mapToInt(Set::size).sum() == 12;
    }

    static Set<Integer> partitions(MarkerService instance) {
        return instance.streams().metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .map(task -> task.taskId().partition())
                .collect(Collectors.toSet());
    }

    static void await(MarkerService marker, Predicate<Run> wanted) {
        long deadline = System.nanoTime() + MarkersOnKafka.PATIENCE.toNanos();
        try {
            assertThat(marker.runs().await(wanted, () -> System.nanoTime() > deadline))
                    .isPresent();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    void assertNextIsDecided() {
        RunId next = new RunId("20260101-000001");
        markers.send(markers.input(next, RandomInput.of(new Random(12), 10), OPTIONS, new Random(5)));
        markers.await(
                topics.runs(),
                RunRecord.class,
                runs -> runs.stream()
                                .filter(RunRecord.Decided.class::isInstance)
                                .count()
                        == PARTITIONS);
        assertThat(markers.read(topics.runs(), RunRecord.class).stream()
                        .map(ConsumerRecord::value)
                        .filter(RunRecord.Decided.class::isInstance))
                .extracting(RunRecord::run)
                .containsOnly(next);
    }

    List<ConsumerRecord<String, byte[]>> rejected() {
        return markers.read(topics.rejected(), new ByteArrayDeserializer());
    }
}
