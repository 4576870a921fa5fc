package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.marker.rules.Model;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.testkit.Held;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The topics of one test on a real broker, and the markers that work on them. */
final class MarkersOnKafka {

    static final Duration PATIENCE = Duration.ofMinutes(10);

    /** On a machine that is starved a commit takes longer than a marker's own time-out, and no marker restarts here. */
    private static final int LONGEST_TRANSACTION = 900_000;

    private final Map<String, Object> clients;
    private final Topics topics;
    private final Path state;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** Makes the topics. */
    MarkersOnKafka(String bootstrapServers, String prefix, int partitions, Path state) throws Exception {
        clients = Map.of("bootstrap.servers", bootstrapServers, "transaction.timeout.ms", LONGEST_TRANSACTION);
        topics = new Topics(prefix, partitions);
        this.state = state;
        try (var admin = Admin.create(clients)) {
            List<NewTopic> all = new ArrayList<>();
            List.of(topics.runs(), topics.rejected()).forEach(topic -> all.add(new NewTopic(topic, 1, (short) 1)));
            topics.keyedByDigest().forEach(topic -> all.add(new NewTopic(topic, partitions, (short) 1)));
            admin.createTopics(all).all().get();
        }
    }

    Topics topics() {
        return topics;
    }

    Map<String, Object> clients() {
        return clients;
    }

    /** The error that stopped a marker, or null. */
    Throwable failure() {
        return failure.get();
    }

    MarkerService instance(String machine) {
        return instance(machine, 2);
    }

    MarkerService instance(String machine, int threads) {
        return instance(machine, threads, clients);
    }

    /** An instance of the marker, on a machine of that name: what it has stored is there when it is started again. */
    MarkerService instance(String machine, int threads, Map<String, Object> clients) {
        var settings = new MarkerSettings(state.resolve(machine), threads, 0, 1, MarkerSettings.COMMIT_INTERVAL, 0);
        return new MarkerService(new Cluster(clients, topics), settings, new MarkerMeter(), failure::set);
    }

    /** Waits until a condition that no record tells of holds. */
    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(failure.get()).isNull();
            assertThat(System.nanoTime()).as("waiting until %s", what).isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    /**
     * The run's records as an enumerator sends them: barriers at both ends of every partition, everything else in any
     * order.
     */
    List<ProducerRecord<String, EnumeratedRecord>> input(
            RunId run, List<Held<?>> registry, Options options, Random random) {
        List<ProducerRecord<String, EnumeratedRecord>> input = new ArrayList<>();
        long[][] counts = new long[Input.values().length][topics.partitions()];
        List<Held<?>> shuffled = new ArrayList<>(registry);
        Collections.shuffle(shuffled, random);
        for (Held<?> one : shuffled) {
            int partition = topics.partition(one.digest());
            counts[one.input().ordinal()][partition]++;
            input.add(new ProducerRecord<>(topics.of(one.input()), partition, null, one.packed(run)));
        }
        List<ProducerRecord<String, EnumeratedRecord>> starts = new ArrayList<>();
        for (Input topic : Input.values()) {
            for (int p = 0; p < topics.partitions(); p++) {
                starts.add(new ProducerRecord<>(
                        topics.of(topic), p, null, new StartOfInput(run, topic, options, Checksum.NONE)));
                input.add(new ProducerRecord<>(
                        topics.of(topic),
                        p,
                        null,
                        new EndOfInput(run, topic, counts[topic.ordinal()][p], Checksum.NONE)));
            }
        }
        return Stream.concat(starts.stream(), input.stream()).toList();
    }

    void send(Collection<ProducerRecord<String, EnumeratedRecord>> records) {
        var serializer = new JsonSerde<>(EnumeratedRecord.class).serializer();
        var configuration = new HashMap<>(clients);
        // The topics are new: with more requests under way, one could overtake another for good (KAFKA-15591).
        configuration.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        try (var producer = new KafkaProducer<>(configuration, new StringSerializer(), serializer)) {
            records.forEach(producer::send);
            producer.flush();
        }
    }

    /** Waits until the marker has committed all that is in its input. */
    void awaitWorkedOff() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (var admin = Admin.create(clients)) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            Stream.of(Input.values())
                    .forEach(input -> IntStream.range(0, topics.partitions())
                            .forEach(p -> latest.put(new TopicPartition(topics.of(input), p), OffsetSpec.latest())));
            Map<TopicPartition, ListOffsetsResultInfo> ends =
                    admin.listOffsets(latest).all().get();
            Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
            while (!ends.entrySet().stream().allMatch(reached(committed))) {
                assertThat(System.nanoTime())
                        .as("waiting for offsets beyond %s", committed)
                        .isLessThan(deadline);
                committed = admin.listConsumerGroupOffsets(MarkerService.group(topics))
                        .partitionsToOffsetAndMetadata()
                        .get();
            }
        }
    }

    private static Predicate<Map.Entry<TopicPartition, ListOffsetsResultInfo>> reached(
            Map<TopicPartition, OffsetAndMetadata> committed) {
        return end -> committed.get(end.getKey()) != null
                && committed.get(end.getKey()).offset() >= end.getValue().offset();
    }

    void publish(RunRecord record) {
        try (var publisher = new RunPublisher(new Cluster(clients, topics))) {
            publisher.publish(record);
        }
    }

    void awaitDecisions() {
        await(topics.runs(), RunRecord.class, runs -> {
            assertThat(runs).noneMatch(RunRecord.Failed.class::isInstance);
            return runs.size() == topics.partitions();
        });
    }

    /** Reads what is committed until it is enough. */
    <T> void await(String topic, Class<T> type, Predicate<List<T>> enough) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<T> values = new ArrayList<>();
        try (Consumer<String, T> consumer = consumer(topic, new JsonSerde<>(type).deserializer())) {
            while (!enough.test(values)) {
                assertThat(failure.get()).isNull();
                assertThat(System.nanoTime())
                        .as("waiting for more in %s than %s", topic, values.size())
                        .isLessThan(deadline);
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
    }

    /** All that is committed, each partition in its order. */
    <T> List<ConsumerRecord<String, T>> read(String topic, Class<T> type) {
        return read(topic, new JsonSerde<>(type).deserializer());
    }

    <T> List<ConsumerRecord<String, T>> read(String topic, Deserializer<T> deserializer) {
        List<ConsumerRecord<String, T>> records = new ArrayList<>();
        try (Consumer<String, T> consumer = consumer(topic, deserializer)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private <T> Consumer<String, T> consumer(String topic, Deserializer<T> deserializer) {
        Map<String, Object> configuration = new HashMap<>(clients);
        configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        configuration.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var consumer = new KafkaConsumer<>(configuration, new StringDeserializer(), deserializer);
        int partitions = topics.keyedByDigest().contains(topic) ? topics.partitions() : 1;
        consumer.assign(IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList());
        consumer.seekToBeginning(consumer.assignment());
        return consumer;
    }

    void assertDecided(List<Held<?>> registry, Options options) {
        List<RunRecord.Decided> decided = new ArrayList<>();
        read(topics.runs(), RunRecord.class).forEach(record -> decided.add((RunRecord.Decided) record.value()));
        assertThat(decided)
                .extracting(RunRecord.Decided::partition)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, topics.partitions()).boxed().toList());

        List<ConsumerRecord<String, EligibleRecord>> written =
                read(options.dryRun() ? topics.eligibleDryRun() : topics.eligible(), EligibleRecord.class);
        Set<String> eligible = new TreeSet<>();
        Map<Integer, Long> counts = new HashMap<>();
        Set<Integer> ended = new HashSet<>();
        for (ConsumerRecord<String, EligibleRecord> record : written) {
            assertThat(ended).as("nothing follows the last barrier").doesNotContain(record.partition());
            switch (record.value()) {
                case Eligible e -> {
                    assertThat(eligible.add(Model.text(e))).as("written once").isTrue();
                    assertThat(record.partition()).isEqualTo(topics.partition(e.digest()));
                    assertThat(record.key()).isEqualTo(e.digest().toString());
                    counts.merge(record.partition(), 1L, Long::sum);
                }
                case EndOfEligible end -> {
                    assertThat(record.partition()).isEqualTo(end.partition());
                    assertThat(end.records()).isEqualTo(counts.getOrDefault(end.partition(), 0L));
                    ended.add(end.partition());
                }
            }
        }
        assertThat(ended).hasSize(topics.partitions());
        assertThat(eligible).isEqualTo(new Model(registry, options).eligible()).isNotEmpty();
        assertThat(read(options.dryRun() ? topics.eligible() : topics.eligibleDryRun(), EligibleRecord.class))
                .isEmpty();
    }
}
