package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.TestKafka;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The marker on a real broker: one instance with two threads at four partitions, or three instances at twelve; some
 * stop in the middle of a run. Each test has topics and markers of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
class MarkerServiceIT {

    private static final int PARTITIONS = 4;
    private static final RunId RUN = new RunId("20260101-000000");

    @TempDir
    private static Path kafkaDirectory;

    private static final AtomicInteger TESTS = new AtomicInteger();

    private static TestKafka kafka;

    @TempDir
    private Path state;

    private MarkersOnKafka markers;
    private Topics topics;

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

    @ParameterizedTest
    @CsvSource({"classic, CLASSIC", "consumer, STREAMS"})
    void theMarkerDecidesAsTheModelByEitherGroupProtocol(String protocol, GroupType ofItsGroup) throws Exception {
        var options = new Options(RandomInput.CUTOFF, true, false);
        List<Held<?>> registry = RandomInput.of(new Random(20261123), 100);
        var clients = new HashMap<>(markers.clients());
        clients.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        markers.send(markers.input(RUN, registry, options, new Random(1)));

        try (var marker = markers.instance("state", 2, clients);
                var admin = Admin.create(markers.clients())) {
            marker.start();
            markers.awaitDecisions();
            assertThat(admin.listGroups().valid().get())
                    .filteredOn(group -> group.groupId().equals(MarkerService.group(topics)))
                    .singleElement()
                    .returns(Optional.of(ofItsGroup), GroupListing::type);
        }

        markers.assertDecided(registry, options);
    }

    @Test
    void aDryRunWritesNothingToEligible() {
        var options = new Options(RandomInput.CUTOFF, false, true);
        List<Held<?>> registry = RandomInput.of(new Random(7), 10);
        markers.send(markers.input(RUN, registry, options, new Random(2)));

        try (var marker = markers.instance("state")) {
            marker.start();
            markers.awaitDecisions();
        }

        markers.assertDecided(registry, options);
    }

    @Test
    void anotherMachineGoesOnWhereOneHasStopped() {
        var options = new Options(RandomInput.CUTOFF, true, false);
        List<Held<?>> registry = RandomInput.of(new Random(42), 100);
        List<ProducerRecord<String, EnumeratedRecord>> input = markers.input(RUN, registry, options, new Random(3));
        List<ProducerRecord<String, EnumeratedRecord>> firstHalf = input.subList(0, input.size() / 2);

        try (var one = markers.instance("one")) {
            one.start();
            markers.send(firstHalf);
            markers.await(topics.marks(), MarksRecord.class, marks -> marks.size() > 100);
        }
        try (var two = markers.instance("two")) {
            two.start();
            markers.send(input.subList(input.size() / 2, input.size()));
            markers.await(
                    topics.marks(),
                    MarksRecord.class,
                    marks -> marks.stream().anyMatch(MarksRecord.EndOfSuperstep.class::isInstance));
        }
        try (var one = markers.instance("one")) {
            one.start();
            markers.awaitDecisions();
        }

        markers.assertDecided(registry, options);
    }

    @Test
    void threeInstancesDecideAsTheModelThoughOneStopsAndJoinsAgain() throws Exception {
        var options = new Options(RandomInput.CUTOFF, true, false);
        List<Held<?>> registry = RandomInput.of(new Random(43), 50);
        var twelve = new MarkersOnKafka(kafka.bootstrapServers(), "twelve.", 12, state);
        List<ProducerRecord<String, EnumeratedRecord>> input = twelve.input(RUN, registry, options, new Random(9));
        int third = input.size() / 3;

        try (var one = twelve.instance("one", 1);
                var two = twelve.instance("two", 1)) {
            one.start();
            two.start();
            try (var three = twelve.instance("three", 1)) {
                three.start();
                twelve.await("all three have partitions", () -> share(one, two, three));
                twelve.send(input.subList(0, third));
                Set<Integer> stopped = partitions(three);
                twelve.await(
                        twelve.topics().marks(),
                        MarksRecord.class,
                        marks -> marks.stream().anyMatch(mark -> stopped.contains(mark.from())));
            }
            twelve.await("the other two have its partitions", () -> share(one, two));
            twelve.send(input.subList(third, 2 * third));
            twelve.awaitWorkedOff();
            try (var three = twelve.instance("three", 1)) {
                three.start();
                twelve.await("all three have partitions again", () -> share(one, two, three));
                twelve.send(input.subList(2 * third, input.size()));
                twelve.awaitDecisions();
                assertThat(partitions(three)).isNotEmpty();
            }
        }

        twelve.assertDecided(registry, options);
    }

    /** Whether each of the instances has partitions, and together they have all twelve. */
    private static boolean share(MarkerService... instances) {
        List<Set<Integer>> shares =
                Stream.of(instances).map(MarkerServiceIT::partitions).toList();
        return shares.stream().noneMatch(Set::isEmpty)
                && shares.stream().mapToInt(Set::size).sum() == 12;
    }

    private static Set<Integer> partitions(MarkerService instance) {
        return instance.streams().metadataForLocalThreads().stream()
                .flatMap(thread -> thread.activeTasks().stream())
                .map(task -> task.taskId().partition())
                .collect(Collectors.toSet());
    }

    /**
     * Twice the thread dies when rows are stored and not committed. Each time its transaction is aborted, and another
     * thread begins again.
     */
    @Test
    void aStoreThatIsAheadOfAnAbortedTransactionChangesNoDecision() throws Exception {
        var options = new Options(RandomInput.CUTOFF, true, false);
        List<Held<?>> registry = RandomInput.of(new Random(17), 20);
        List<ProducerRecord<String, EnumeratedRecord>> input = markers.input(RUN, registry, options, new Random(10));
        Set<Integer> dying = Set.of(input.size() / 3, input.size());
        var asked = new AtomicInteger();
        Predicate<RunId> over = run -> {
            if (dying.contains(asked.incrementAndGet())) {
                throw new KafkaException("the thread dies");
            }
            return false;
        };
        var deaths = new AtomicInteger();
        var configuration = new HashMap<>(markers.clients());
        configuration.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // The group waits so long for a thread that has died.
        configuration.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        var settings = new MarkerSettings(state.resolve("state"), 1, 0, 1, MarkersOnKafka.PATIENCE, 0);
        var properties = new Properties();
        properties.putAll(MarkerService.configuration(topics, settings, configuration));
        markers.send(input);

        try (var streams = new KafkaStreams(new MarkerTopology(topics, new MarkerMeter(), over).get(), properties)) {
            streams.setUncaughtExceptionHandler(failure -> {
                deaths.incrementAndGet();
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            });
            streams.start();
            markers.awaitDecisions();
        }

        assertThat(deaths).hasValue(2);
        markers.assertDecided(registry, options);
    }

    @Test
    void aRecordThatCannotBeReadIsSetAsideAndFailsTheRunAndTheNextIsDecided() {
        var options = new Options(RandomInput.CUTOFF, true, false);
        List<ProducerRecord<String, EnumeratedRecord>> input =
                markers.input(RUN, RandomInput.of(new Random(11), 10), options, new Random(4));
        byte[] garbage = {'{', (byte) 0xff, 0};

        try (var marker = markers.instance("state")) {
            marker.start();
            markers.send(input.subList(0, input.size() / 2));
            markers.await(topics.marks(), MarksRecord.class, marks -> !marks.isEmpty());
            try (var producer =
                    new KafkaProducer<>(markers.clients(), new StringSerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(topics.blobs(), 2, "key", garbage));
                producer.flush();
            }
            markers.await(topics.runs(), RunRecord.class, runs -> !runs.isEmpty());

            List<ConsumerRecord<String, RunRecord>> failed = markers.read(topics.runs(), RunRecord.class);
            assertThat(failed).extracting(ConsumerRecord::value).hasOnlyElementsOfType(RunRecord.Failed.class);
            assertThat(((RunRecord.Failed) failed.getFirst().value()).why())
                    .contains(topics.blobs() + "-2@", "can't be read");
            assertThat(rejected()).singleElement().satisfies(record -> {
                assertThat(record.key()).startsWith(topics.blobs() + "-2@");
                assertThat(record.value()).isEqualTo(garbage);
            });

            assertNextIsDecided(options);
        }
    }

    @Test
    void aRecordThatCannotBeWorkedOffIsSetAsideAndFailsTheRunAndTheNextIsDecided() {
        var options = new Options(RandomInput.CUTOFF, true, false);
        List<ProducerRecord<String, EnumeratedRecord>> input =
                markers.input(RUN, RandomInput.of(new Random(13), 10), options, new Random(6));
        EnumeratedRecord unworkable =
                new Layers(RUN, "x".repeat(70_000), List.of(new Layer(RandomInput.digest("layer"), 1, null, null)));

        try (var marker = markers.instance("state")) {
            marker.start();
            markers.send(input.subList(0, input.size() / 2));
            markers.await(topics.marks(), MarksRecord.class, marks -> !marks.isEmpty());
            markers.send(List.of(new ProducerRecord<>(topics.layers(), 2, null, unworkable)));
            markers.await(topics.runs(), RunRecord.class, runs -> !runs.isEmpty());

            assertThat(markers.read(topics.runs(), RunRecord.class))
                    .singleElement()
                    .extracting(ConsumerRecord::value)
                    .isInstanceOfSatisfying(RunRecord.Failed.class, failed -> {
                        assertThat(failed.run()).isEqualTo(RUN);
                        assertThat(failed.why())
                                .contains(topics.layers() + "-2@", "can't be worked off", "70000 characters");
                    });
            assertThat(rejected()).singleElement().satisfies(record -> {
                assertThat(record.key()).startsWith(topics.layers() + "-2@");
                assertThat(record.value())
                        .isEqualTo(new JsonSerde<>(EnumeratedRecord.class)
                                .serializer()
                                .serialize(null, unworkable));
                assertThat(record.headers().lastHeader("why").value())
                        .asString()
                        .contains("70000 characters");
            });

            markers.send(input.subList(input.size() / 2, input.size()));
            assertNextIsDecided(options);
        }
    }

    @Test
    void aRunThatWasCancelledIsPassedOver() throws Exception {
        var options = new Options(RandomInput.CUTOFF, true, false);

        try (var marker = markers.instance("state")) {
            marker.start();
            markers.publish(new RunRecord.Requested(RUN, 1, options, 75, "test", null, null, null));
            markers.publish(new RunRecord.Cancelled(RUN, "test"));
            await(marker, run -> run.state() == Run.State.CANCELLED);
            markers.send(markers.input(RUN, RandomInput.of(new Random(14), 10), options, new Random(7)));
            markers.awaitWorkedOff();

            assertThat(markers.read(topics.marks(), MarksRecord.class)).isEmpty();
            assertThat(markers.read(topics.runs(), RunRecord.class))
                    .extracting(ConsumerRecord::value)
                    .hasExactlyElementsOfTypes(RunRecord.Requested.class, RunRecord.Cancelled.class);
            assertNextIsDecided(options);
        }
    }

    /**
     * A commit fails for no record that could be named, so none is set aside. The next instance passes over the records
     * of a run that has failed by it.
     */
    @Test
    void aRowThatCannotBeStoredFailsTheRun() {
        var options = new Options(RandomInput.CUTOFF, true, false);
        List<String> history = IntStream.range(0, 1_000)
                .mapToObj("a tag of some length, one of very many, that has number %d"::formatted)
                .toList();
        List<Held<?>> registry = List.of(new Held<>(
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
                        false)));
        var small = new HashMap<>(markers.clients());
        small.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 30_000);

        markers.publish(new RunRecord.Requested(RUN, 1, options, 75, "test", null, null, null));

        try (var marker = markers.instance("state", 2, small)) {
            marker.start();
            await(marker, run -> true);
            markers.send(markers.input(RUN, registry, options, new Random(8)));
            await(marker, run -> run.state() == Run.State.FAILED);
        }
        assertThat(markers.failure()).hasRootCauseInstanceOf(RecordTooLargeException.class);
    }

    private static void await(MarkerService marker, Predicate<Run> wanted) {
        long deadline = System.nanoTime() + MarkersOnKafka.PATIENCE.toNanos();
        try {
            assertThat(marker.runs().await(wanted, () -> System.nanoTime() > deadline))
                    .isPresent();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertNextIsDecided(Options options) {
        RunId next = new RunId("20260101-000001");
        markers.send(markers.input(next, RandomInput.of(new Random(12), 10), options, new Random(5)));
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

    private List<ConsumerRecord<String, byte[]>> rejected() {
        return markers.read(topics.rejected(), new ByteArrayDeserializer());
    }
}
