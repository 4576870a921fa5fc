package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.testkit.Held;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The marker on a real broker: one instance with two threads at four partitions, or three instances at twelve; some
 * stop in the middle of a run.
 */
@Execution(ExecutionMode.CONCURRENT)
class MarkerServiceIT extends MarkersOnOneBroker {

    @ParameterizedTest
    @CsvSource({"classic, CLASSIC", "consumer, STREAMS"})
    void theMarkerDecidesAsTheModelByEitherGroupProtocol(String protocol, GroupType ofItsGroup) throws Exception {
        List<Held<?>> registry = RandomInput.of(new Random(20261123), 100);
        var clients = new HashMap<>(markers.clients());
        clients.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol);
        markers.send(markers.input(RUN, registry, OPTIONS, new Random(1)));

        try (var marker = markers.instance("state", 2, clients);
                var admin = Admin.create(markers.clients())) {
            marker.start();
            markers.awaitDecisions();
            assertThat(admin.listGroups().valid().get())
                    .filteredOn(group -> group.groupId().equals(MarkerService.group(topics)))
                    .singleElement()
                    .returns(Optional.of(ofItsGroup), GroupListing::type);
        }

        markers.assertDecided(registry, OPTIONS);
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
        List<Held<?>> registry = RandomInput.of(new Random(42), 100);
        List<ProducerRecord<String, EnumeratedRecord>> input = markers.input(RUN, registry, OPTIONS, new Random(3));
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

        markers.assertDecided(registry, OPTIONS);
    }

    @Test
    void threeInstancesDecideAsTheModelThoughOneStopsAndJoinsAgain() throws Exception {
        List<Held<?>> registry = RandomInput.of(new Random(43), 50);
        var twelve = new MarkersOnKafka(kafka.bootstrapServers(), "twelve.", 12, state);
        List<ProducerRecord<String, EnumeratedRecord>> input = twelve.input(RUN, registry, OPTIONS, new Random(9));
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

        twelve.assertDecided(registry, OPTIONS);
    }

    /**
     * Twice the thread dies when rows are stored and not committed. Each time its transaction is aborted, and another
     * thread begins again.
     */
    @Test
    void aStoreThatIsAheadOfAnAbortedTransactionChangesNoDecision() throws Exception {
        List<Held<?>> registry = RandomInput.of(new Random(17), 20);
        List<ProducerRecord<String, EnumeratedRecord>> input = markers.input(RUN, registry, OPTIONS, new Random(10));
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
        markers.assertDecided(registry, OPTIONS);
    }

    @Test
    void aRecordThatCannotBeReadIsSetAsideAndFailsTheRunAndTheNextIsDecided() {
        List<ProducerRecord<String, EnumeratedRecord>> input =
                markers.input(RUN, RandomInput.of(new Random(11), 10), OPTIONS, new Random(4));
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

            assertNextIsDecided();
        }
    }

    @Test
    void aRecordThatCannotBeWorkedOffIsSetAsideAndFailsTheRunAndTheNextIsDecided() {
        List<ProducerRecord<String, EnumeratedRecord>> input =
                markers.input(RUN, RandomInput.of(new Random(13), 10), OPTIONS, new Random(6));
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
            assertNextIsDecided();
        }
    }

    @Test
    void aRunThatWasCancelledIsPassedOver() throws Exception {
        try (var marker = markers.instance("state")) {
            marker.start();
            markers.publish(new RunRecord.Requested(RUN, 1, OPTIONS, 75, "test", null, null, null));
            markers.publish(new RunRecord.Cancelled(RUN, "test"));
            await(marker, run -> run.state() == Run.State.CANCELLED);
            markers.send(markers.input(RUN, RandomInput.of(new Random(14), 10), OPTIONS, new Random(7)));
            markers.awaitWorkedOff();

            assertThat(markers.read(topics.marks(), MarksRecord.class)).isEmpty();
            assertThat(markers.read(topics.runs(), RunRecord.class))
                    .extracting(ConsumerRecord::value)
                    .hasExactlyElementsOfTypes(RunRecord.Requested.class, RunRecord.Cancelled.class);
            assertNextIsDecided();
        }
    }

    /**
     * A commit fails for no record that could be named, so none is set aside. The next instance passes over the records
     * of a run that has failed by it.
     */
    @Test
    void aRowThatCannotBeStoredFailsTheRun() {
        List<String> history = IntStream.range(0, 1_000)
                .mapToObj("a tag of some length, one of very many, that has number %d"::formatted)
                .toList();
        List<Held<?>> registry = List.of(manifest(history));
        var small = new HashMap<>(markers.clients());
        small.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 30_000);

        markers.publish(new RunRecord.Requested(RUN, 1, OPTIONS, 75, "test", null, null, null));

        try (var marker = markers.instance("state", 2, small)) {
            marker.start();
            await(marker, run -> true);
            markers.send(markers.input(RUN, registry, OPTIONS, new Random(8)));
            await(marker, run -> run.state() == Run.State.FAILED);
        }
        assertThat(markers.failure()).hasRootCauseInstanceOf(RecordTooLargeException.class);
    }
}
