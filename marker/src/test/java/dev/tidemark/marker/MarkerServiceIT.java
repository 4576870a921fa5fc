package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RunPublisher;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.TestKafka;
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
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The marker on a real broker: four partitions, two threads, and another machine that takes over in the middle. */
class MarkerServiceIT {

  private static final int PARTITIONS = 4;
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final RunId RUN = new RunId("20260101-000000");

  @TempDir private static Path kafkaDirectory;
  private static TestKafka kafka;

  @TempDir private Path state;
  private Topics topics;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

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
    topics = new Topics(test.getTestMethod().orElseThrow().getName() + ".", PARTITIONS);
    try (var admin = Admin.create(clients())) {
      List<NewTopic> all = new ArrayList<>();
      List.of(topics.runs(), topics.rejected()).forEach(topic -> all.add(new NewTopic(topic, 1, (short) 1)));
      topics.keyedByDigest().forEach(topic -> all.add(new NewTopic(topic, PARTITIONS, (short) 1)));
      admin.createTopics(all).all().get();
    }
  }

  @Test
  void findsWhatTheModelFinds() {
    var options = new Options(RandomInput.CUTOFF, true, false);
    List<Held<?>> registry = RandomInput.of(new Random(20261123), 100);
    send(input(registry, options, new Random(1)));

    try (var marker = marker("state")) {
      marker.start();
      awaitDecisions();
    }

    assertDecided(registry, options);
  }

  @Test
  void aDryRunWritesNothingToEligible() {
    var options = new Options(RandomInput.CUTOFF, false, true);
    List<Held<?>> registry = RandomInput.of(new Random(7), 10);
    send(input(registry, options, new Random(2)));

    try (var marker = marker("state")) {
      marker.start();
      awaitDecisions();
    }

    assertDecided(registry, options);
  }

  @Test
  void anotherMachineGoesOnWhereOneHasStopped() {
    var options = new Options(RandomInput.CUTOFF, true, false);
    List<Held<?>> registry = RandomInput.of(new Random(42), 100);
    List<ProducerRecord<String, EnumeratedRecord>> input = input(registry, options, new Random(3));
    List<ProducerRecord<String, EnumeratedRecord>> firstHalf = input.subList(0, input.size() / 2);

    try (var one = marker("one")) {
      one.start();
      send(firstHalf);
      await(topics.marks(), MarksRecord.class, marks -> marks.size() > 100);
    }
    try (var two = marker("two")) {
      two.start();
      send(input.subList(input.size() / 2, input.size()));
      await(topics.marks(), MarksRecord.class, marks -> marks.stream().anyMatch(MarksRecord.EndOfSuperstep.class::isInstance));
    }
    try (var one = marker("one")) {
      one.start();
      awaitDecisions();
    }

    assertDecided(registry, options);
  }

  @Test
  void aRecordThatCannotBeReadIsSetAsideAndFailsTheRunAndTheNextIsDecided() {
    var options = new Options(RandomInput.CUTOFF, true, false);
    List<ProducerRecord<String, EnumeratedRecord>> input =
        input(RandomInput.of(new Random(11), 10), options, new Random(4));
    byte[] garbage = {'{', (byte) 0xff, 0};

    try (var marker = marker("state")) {
      marker.start();
      send(input.subList(0, input.size() / 2));
      await(topics.marks(), MarksRecord.class, marks -> !marks.isEmpty());
      try (var producer = new KafkaProducer<>(clients(), new StringSerializer(), new ByteArraySerializer())) {
        producer.send(new ProducerRecord<>(topics.blobs(), 2, "key", garbage));
        producer.flush();
      }
      await(topics.runs(), RunRecord.class, runs -> !runs.isEmpty());

      List<ConsumerRecord<String, RunRecord>> failed = read(topics.runs(), RunRecord.class);
      assertThat(failed).extracting(ConsumerRecord::value).hasOnlyElementsOfType(RunRecord.Failed.class);
      assertThat(((RunRecord.Failed) failed.getFirst().value()).why()).contains(topics.blobs() + "-2@", "can't be read");
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
        input(RandomInput.of(new Random(13), 10), options, new Random(6));
    EnumeratedRecord unworkable = new Layers(RUN, "x".repeat(70_000), List.of(new Layer(RandomInput.digest("layer"), 1, null, null)));

    try (var marker = marker("state")) {
      marker.start();
      send(input.subList(0, input.size() / 2));
      await(topics.marks(), MarksRecord.class, marks -> !marks.isEmpty());
      send(List.of(new ProducerRecord<>(topics.layers(), 2, null, unworkable)));
      await(topics.runs(), RunRecord.class, runs -> !runs.isEmpty());

      assertThat(read(topics.runs(), RunRecord.class)).singleElement().extracting(ConsumerRecord::value)
          .isInstanceOfSatisfying(RunRecord.Failed.class, failed -> {
            assertThat(failed.run()).isEqualTo(RUN);
            assertThat(failed.why()).contains(topics.layers() + "-2@", "can't be worked off", "70000 characters");
          });
      assertThat(rejected()).singleElement().satisfies(record -> {
        assertThat(record.key()).startsWith(topics.layers() + "-2@");
        assertThat(record.value()).isEqualTo(new JsonSerde<>(EnumeratedRecord.class).serializer().serialize(null, unworkable));
        assertThat(record.headers().lastHeader("why").value()).asString().contains("70000 characters");
      });

      send(input.subList(input.size() / 2, input.size()));
      assertNextIsDecided(options);
    }
  }

  @Test
  void aRunThatWasCancelledIsPassedOver() throws Exception {
    var options = new Options(RandomInput.CUTOFF, true, false);

    try (var marker = marker("state")) {
      marker.start();
      publish(new RunRecord.Requested(RUN, 1, options, 75, "test", null));
      publish(new RunRecord.Cancelled(RUN, "test"));
      await(marker, run -> run.state() == Run.State.CANCELLED);
      send(input(RandomInput.of(new Random(14), 10), options, new Random(7)));
      awaitWorkedOff();

      assertThat(read(topics.marks(), MarksRecord.class)).isEmpty();
      assertThat(read(topics.runs(), RunRecord.class)).extracting(ConsumerRecord::value)
          .hasExactlyElementsOfTypes(RunRecord.Requested.class, RunRecord.Cancelled.class);
      assertNextIsDecided(options);
    }
  }

  /** No record can be told to be the one that fails a commit. Whoever takes over passes over what is of a run that has failed by it. */
  @Test
  void whatCannotBeStoredFailsTheRun() {
    var options = new Options(RandomInput.CUTOFF, true, false);
    List<String> history = IntStream.range(0, 1_000).mapToObj("a tag of some length, one of very many, that has number %d"::formatted).toList();
    List<Held<?>> registry = List.of(new Held<>(
        "app", new Manifest(RandomInput.digest("large"), null, 1, 1, List.of(), history, List.of(), List.of(), null, false)));
    var small = new HashMap<>(clients());
    small.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 30_000);

    publish(new RunRecord.Requested(RUN, 1, options, 75, "test", null));

    try (var marker = marker("state", small)) {
      marker.start();
      await(marker, run -> true);
      send(input(registry, options, new Random(8)));
      await(marker, run -> run.state() == Run.State.FAILED);
    }
    assertThat(failure.get()).hasRootCauseInstanceOf(RecordTooLargeException.class);
  }

  private static void await(MarkerService marker, Predicate<Run> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      assertThat(marker.runs().await(wanted, () -> System.nanoTime() > deadline)).isPresent();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void assertNextIsDecided(Options options) {
    RunId next = new RunId("20260101-000001");
    send(input(next, RandomInput.of(new Random(12), 10), options, new Random(5)));
    await(topics.runs(), RunRecord.class, runs -> runs.stream().filter(RunRecord.Decided.class::isInstance).count() == PARTITIONS);
    assertThat(read(topics.runs(), RunRecord.class).stream().map(ConsumerRecord::value).filter(RunRecord.Decided.class::isInstance))
        .extracting(RunRecord::run).containsOnly(next);
  }

  /** Waits until the marker has committed all that is in its input. */
  private void awaitWorkedOff() throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (var admin = Admin.create(clients())) {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      Stream.of(Input.values()).forEach(input ->
          IntStream.range(0, PARTITIONS).forEach(p -> latest.put(new TopicPartition(topics.of(input), p), OffsetSpec.latest())));
      Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(latest).all().get();
      Map<TopicPartition, OffsetAndMetadata> committed = Map.of();
      while (!ends.entrySet().stream().allMatch(reached(committed))) {
        assertThat(System.nanoTime()).as("waiting for offsets beyond %s", committed).isLessThan(deadline);
        committed = admin.listConsumerGroupOffsets(MarkerService.group(topics)).partitionsToOffsetAndMetadata().get();
      }
    }
  }

  private static Predicate<Map.Entry<TopicPartition, ListOffsetsResultInfo>> reached(Map<TopicPartition, OffsetAndMetadata> committed) {
    return end -> committed.get(end.getKey()) != null && committed.get(end.getKey()).offset() >= end.getValue().offset();
  }

  private void publish(RunRecord record) {
    try (var publisher = new RunPublisher(new Cluster(clients(), topics))) {
      publisher.publish(record);
    }
  }

  private List<ConsumerRecord<String, byte[]>> rejected() {
    return read(topics.rejected(), new ByteArrayDeserializer());
  }

  private void assertDecided(List<Held<?>> registry, Options options) {
    List<RunRecord.Decided> decided = new ArrayList<>();
    read(topics.runs(), RunRecord.class).forEach(record -> decided.add((RunRecord.Decided) record.value()));
    assertThat(decided).extracting(RunRecord.Decided::partition).containsExactlyInAnyOrder(0, 1, 2, 3);

    List<ConsumerRecord<String, EligibleRecord>> written =
        read(options.dryRun() ? topics.eligibleDryRun() : topics.eligible(), EligibleRecord.class);
    Set<String> eligible = new TreeSet<>();
    Map<Integer, Long> counts = new HashMap<>();
    Set<Integer> ended = new HashSet<>();
    for (ConsumerRecord<String, EligibleRecord> record : written) {
      assertThat(ended).as("nothing follows the last barrier").doesNotContain(record.partition());
      switch (record.value()) {
        case Eligible e -> {
          assertThat(eligible.add(e.kind() + " " + e.repository() + " " + e.digest())).as("written once").isTrue();
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
    assertThat(ended).hasSize(PARTITIONS);
    assertThat(eligible).isEqualTo(new Model(registry, options).eligible()).isNotEmpty();
    assertThat(read(options.dryRun() ? topics.eligible() : topics.eligibleDryRun(), EligibleRecord.class)).isEmpty();
  }

  private MarkerService marker(String machine) {
    return marker(machine, clients());
  }

  private MarkerService marker(String machine, Map<String, Object> clients) {
    var settings = new MarkerSettings(state.resolve(machine), 2, 0, 1, MarkerSettings.COMMIT_INTERVAL, 0);
    return new MarkerService(new Cluster(clients, topics), settings, new MarkerMeter(), failure::set);
  }

  private static Map<String, Object> clients() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  /** The run's records as an enumerator sends them: barriers at both ends of every partition, everything else in any order. */
  private List<ProducerRecord<String, EnumeratedRecord>> input(List<Held<?>> registry, Options options, Random random) {
    return input(RUN, registry, options, random);
  }

  private List<ProducerRecord<String, EnumeratedRecord>> input(
      RunId run, List<Held<?>> registry, Options options, Random random) {
    List<ProducerRecord<String, EnumeratedRecord>> input = new ArrayList<>();
    long[][] counts = new long[Input.values().length][PARTITIONS];
    List<Held<?>> shuffled = new ArrayList<>(registry);
    Collections.shuffle(shuffled, random);
    for (Held<?> one : shuffled) {
      int partition = topics.partition(one.digest());
      counts[one.input().ordinal()][partition]++;
      input.add(new ProducerRecord<>(topics.of(one.input()), partition, null, one.packed(run)));
    }
    List<ProducerRecord<String, EnumeratedRecord>> starts = new ArrayList<>();
    for (Input topic : Input.values()) {
      for (int p = 0; p < PARTITIONS; p++) {
        starts.add(new ProducerRecord<>(topics.of(topic), p, null, new StartOfInput(run, topic, options, Checksum.NONE)));
        input.add(new ProducerRecord<>(topics.of(topic), p, null, new EndOfInput(run, topic, counts[topic.ordinal()][p], Checksum.NONE)));
      }
    }
    return Stream.concat(starts.stream(), input.stream()).toList();
  }

  private static void send(Collection<ProducerRecord<String, EnumeratedRecord>> records) {
    var serializer = new JsonSerde<>(EnumeratedRecord.class).serializer();
    var configuration = new HashMap<>(clients());
    // The topics are new: with more requests under way, one could overtake another for good (KAFKA-15591).
    configuration.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    try (var producer = new KafkaProducer<>(configuration, new StringSerializer(), serializer)) {
      records.forEach(producer::send);
      producer.flush();
    }
  }

  private void awaitDecisions() {
    await(topics.runs(), RunRecord.class, runs -> {
      assertThat(runs).noneMatch(RunRecord.Failed.class::isInstance);
      return runs.size() == PARTITIONS;
    });
  }

  /** Reads what is committed until it is enough. */
  private <T> void await(String topic, Class<T> type, Predicate<List<T>> enough) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<T> values = new ArrayList<>();
    try (Consumer<String, T> consumer = consumer(topic, new JsonSerde<>(type).deserializer())) {
      while (!enough.test(values)) {
        assertThat(failure.get()).isNull();
        assertThat(System.nanoTime()).as("waiting for more in %s than %s", topic, values.size()).isLessThan(deadline);
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
  }

  /** All that is committed, each partition in its order. */
  private <T> List<ConsumerRecord<String, T>> read(String topic, Class<T> type) {
    return read(topic, new JsonSerde<>(type).deserializer());
  }

  private <T> List<ConsumerRecord<String, T>> read(String topic, Deserializer<T> deserializer) {
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
    Map<String, Object> configuration = new HashMap<>(clients());
    configuration.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    configuration.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    var consumer = new KafkaConsumer<>(configuration, new StringDeserializer(), deserializer);
    int partitions = topics.keyedByDigest().contains(topic) ? PARTITIONS : 1;
    consumer.assign(IntStream.range(0, partitions).mapToObj(p -> new TopicPartition(topic, p)).toList());
    consumer.seekToBeginning(consumer.assignment());
    return consumer;
  }
}
