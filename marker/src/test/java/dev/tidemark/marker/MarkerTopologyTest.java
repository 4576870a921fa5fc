package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Blobs;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The topology with its real stores and serdes, on one partition. */
class MarkerTopologyTest {

  private static final Topics TOPICS = new Topics("test.", 1);
  private static final RunId RUN = new RunId("20260101-000000");
  private static final RunId NEXT = new RunId("20260101-000001");
  private static final Digest IMAGE = RandomInput.digest("image");
  private static final Digest LAYER = RandomInput.digest("layer");
  private static final Digest ORPHAN = RandomInput.digest("orphan");
  private static final Digest LAST = RandomInput.digest("last");

  @TempDir private Path state;

  private TopologyTestDriver driver;
  private final Map<Input, TestInputTopic<String, EnumeratedRecord>> inputs = new HashMap<>();
  private TestOutputTopic<String, EligibleRecord> eligible;
  private TestOutputTopic<String, EligibleRecord> dryRun;
  private TestOutputTopic<String, MarksRecord> marks;
  private TestInputTopic<String, MarksRecord> marksAgain;
  private TestOutputTopic<String, RunRecord> runs;
  private TestOutputTopic<String, byte[]> rejected;
  private final Set<RunId> over = new HashSet<>();
  private int asked;
  private int brokenAt;

  @BeforeEach
  void start() {
    var properties = new Properties();
    properties.putAll(
        MarkerService.configuration(
            TOPICS, MarkerSettings.alone(state), Map.of(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1")));
    driver = new TopologyTestDriver(new MarkerTopology(TOPICS, new MarkerMeter(), this::over).get(), properties);
    for (Input input : Input.values()) {
      inputs.put(input, driver.createInputTopic(TOPICS.of(input), new StringSerializer(), new JsonSerde<>(EnumeratedRecord.class).serializer()));
    }
    eligible = output(TOPICS.eligible(), EligibleRecord.class);
    dryRun = output(TOPICS.eligibleDryRun(), EligibleRecord.class);
    marks = output(TOPICS.marks(), MarksRecord.class);
    marksAgain = driver.createInputTopic(TOPICS.marks(), new StringSerializer(), new JsonSerde<>(MarksRecord.class).serializer());
    runs = output(TOPICS.runs(), RunRecord.class);
    rejected = driver.createOutputTopic(TOPICS.rejected(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Asked with each record, and before each slice of the decision. */
  private boolean over(RunId run) {
    if (++asked == brokenAt) {
      throw new IllegalStateException("broken");
    }
    return over.contains(run);
  }

  private <T> TestOutputTopic<String, T> output(String topic, Class<T> type) {
    return driver.createOutputTopic(topic, new StringDeserializer(), new JsonSerde<>(type).deserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void decidesWhenABarrierRoundHasSentNoMark() {
    givenARun(RUN, false);

    assertThat(eligible.readValuesToList())
        .satisfiesExactly(
            record -> assertThat(record).isInstanceOfSatisfying(Eligible.class, orphan -> {
              assertThat(orphan.kind()).isEqualTo(Kind.BLOB);
              assertThat(orphan.digest()).isEqualTo(ORPHAN);
              assertThat(orphan.bytes()).isEqualTo(30);
            }),
            record -> assertThat(record).isInstanceOfSatisfying(EndOfEligible.class, end -> {
              assertThat(end.records()).isEqualTo(1);
              assertThat(end.checksum()).isNotNull().isNotEqualTo(Checksum.NONE);
            }));
    assertThat(marks.readValuesToList())
        .extracting(record -> record.getClass().getSimpleName())
        .containsExactly("Marks", "EndOfSuperstep", "EndOfSuperstep");
    assertThat(runs.readValuesToList())
        .singleElement()
        .isInstanceOfSatisfying(RunRecord.Decided.class, decided -> {
          assertThat(decided.supersteps()).isEqualTo(2);
          assertThat(decided.totals().live().count()).isEqualTo(2);
          assertThat(decided.totals().eligible().bytes()).isEqualTo(30);
        });
  }

  @Test
  void aDryRunWritesNothingToEligible() {
    givenARun(RUN, true);

    assertThat(eligible.isEmpty()).isTrue();
    assertThat(dryRun.readValuesToList()).hasSize(2);
  }

  @Test
  void aMissingRecordFailsTheRunAndNothingIsDecided() {
    List<EnumeratedRecord> records = records(RUN, false);
    records.removeIf(Layers.class::isInstance);

    records.forEach(this::pipe);

    assertThat(eligible.isEmpty()).isTrue();
    assertThat(runs.readValuesToList())
        .singleElement()
        .isInstanceOfSatisfying(RunRecord.Failed.class, failed -> assertThat(failed.why()).contains("layers has 0 records, and the enumerator wrote 1"));
  }

  @Test
  void aRepeatedRecordChangesNothing() {
    records(RUN, false).forEach(record -> {
      pipe(record);
      pipe(record);
    });

    assertThat(eligible.readValuesToList()).hasSize(2);
    assertThat(runs.readValuesToList()).singleElement().isInstanceOf(RunRecord.Decided.class);
  }

  @Test
  void aLaterRunStartsAfreshAndRemembersSinceWhen() {
    givenARun(RUN, false);
    eligible.readValuesToList();

    givenARun(NEXT, false);

    assertThat(eligible.readValuesToList().get(0))
        .isInstanceOfSatisfying(Eligible.class, orphan -> assertThat(orphan.unreferencedSince()).isEqualTo(RUN));
  }

  @Test
  void aRunThatALaterOneOvertakesIsNeverDecided() {
    List<EnumeratedRecord> records = records(RUN, false);
    EnumeratedRecord last = records.remove(records.size() - 1);
    records.forEach(this::pipe);

    givenARun(NEXT, false);
    pipe(last);

    assertThat(runs.readValuesToList()).extracting(RunRecord::run).containsExactly(NEXT);
  }

  @Test
  void aRepeatedMarkChangesNothing() {
    List<EnumeratedRecord> records = records(RUN, false);
    EnumeratedRecord last = records.remove(records.size() - 1);
    records.forEach(this::pipe);
    List<MarksRecord> sent = marks.readValuesToList();

    assertThat(sent).hasSize(1);
    sent.forEach(mark -> marksAgain.pipeInput(null, mark));
    pipe(last);

    assertThat(eligible.readValuesToList()).hasSize(2);
    assertThat(runs.readValuesToList()).singleElement().isInstanceOf(RunRecord.Decided.class);
  }

  @Test
  void aGapInTheMarksFailsTheRun() {
    List<EnumeratedRecord> records = records(RUN, false);
    EnumeratedRecord last = records.remove(records.size() - 1);
    records.forEach(this::pipe);

    marksAgain.pipeInput(null, mark(0, 3, LAYER, "app"));
    pipe(last);

    assertThat(eligible.isEmpty()).isTrue();
    assertThat(runs.readValuesToList())
        .singleElement()
        .isInstanceOfSatisfying(RunRecord.Failed.class, failed -> {
          assertThat(failed.service()).isEqualTo("marker");
          assertThat(failed.why()).contains("lacks record 2 of task 0");
        });
  }

  @Test
  void aRecordBeforeTheFirstBarrierFailsTheRun() {
    List<EnumeratedRecord> records = records(RUN, false);
    records.removeIf(StartOfInput.class::isInstance);

    records.forEach(this::pipe);

    assertThat(eligible.isEmpty()).isTrue();
    assertThat(runs.readValuesToList()).singleElement().isInstanceOf(RunRecord.Failed.class);
  }

  @Test
  void aRecordAfterTheLastBarrierFailsTheRun() {
    List<EnumeratedRecord> records = records(RUN, false);
    EnumeratedRecord last = records.remove(records.size() - 1);
    records.forEach(this::pipe);

    pipe(blob(RUN, RandomInput.digest("late"), 1));
    pipe(last);

    assertThat(eligible.isEmpty()).isTrue();
    assertThat(runs.readValuesToList())
        .singleElement()
        .isInstanceOfSatisfying(RunRecord.Failed.class, failed -> assertThat(failed.why()).contains("after the run's last barrier"));
  }

  @Test
  void aRecordAfterTheDecisionChangesNothing() {
    givenARun(RUN, false);
    int before = eligible.readValuesToList().size() + runs.readValuesToList().size();

    pipe(blob(RUN, RandomInput.digest("late"), 1));
    pipe(new EndOfInput(RUN, Input.BLOBS, 4, Checksum.NONE));
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    assertThat(before).isEqualTo(3);
    assertThat(eligible.isEmpty()).isTrue();
    assertThat(runs.isEmpty()).isTrue();
  }

  @Test
  void aRunAfterAFailedOneIsDecided() {
    List<EnumeratedRecord> records = records(RUN, false);
    records.removeIf(Manifests.class::isInstance);
    records.forEach(this::pipe);

    givenARun(NEXT, false);

    assertThat(runs.readValuesToList())
        .satisfiesExactly(
            failed -> assertThat(failed).isInstanceOf(RunRecord.Failed.class).extracting(RunRecord::run).isEqualTo(RUN),
            decided -> assertThat(decided).isInstanceOf(RunRecord.Decided.class).extracting(RunRecord::run).isEqualTo(NEXT));
    assertThat(eligible.readValuesToList()).hasSize(2).extracting(EligibleRecord::run).containsOnly(NEXT);
  }

  @Test
  void whatIsEligibleIsKeyedByItsDigestAndPacksAndBarriersHaveNoKey() {
    givenARun(RUN, false);

    assertThat(eligible.readKeyValuesToList()).extracting(record -> record.key).containsExactly(ORPHAN.toString(), null);
    assertThat(marks.readKeyValuesToList()).extracting(record -> record.key).containsExactly(null, null, null);
    assertThat(runs.readKeyValuesToList()).extracting(record -> record.key).containsExactly(RUN.toString());
  }

  @Test
  void aPartitionTooLargeForOneSliceGoesOnByTheClock() {
    int blobs = 60_000;
    pipeBlobs(blobs);
    assertThat(eligible.getQueueSize()).isPositive().isLessThan(blobs);
    assertThat(runs.isEmpty()).isTrue();

    driver.advanceWallClockTime(Duration.ofSeconds(1));

    assertThat(eligible.getQueueSize()).isEqualTo(blobs + 1);
    assertThat(runs.readValuesToList())
        .singleElement()
        .isInstanceOfSatisfying(RunRecord.Decided.class, decided -> assertThat(decided.totals().eligible().count()).isEqualTo(blobs));
  }

  @ParameterizedTest
  @ValueSource(strings = {"test.manifests", "test.blobs", "test.layers", "test.marks"})
  void aRecordThatCannotBeReadIsSetAsideAndFailsTheRun(String topic) {
    byte[] garbage = {'{', (byte) 0xff, 0};

    assertThat(whyItIsSetAside(topic, garbage, "can't be read: ")).isNotEmpty();
  }

  /** A record among those of a run is set aside as it came, its run has failed for it and is not decided, and the next one is. */
  private String whyItIsSetAside(String topic, byte[] record, String said) {
    List<EnumeratedRecord> records = records(RUN, false);
    EnumeratedRecord last = records.remove(records.size() - 1);
    records.forEach(this::pipe);

    bytes(topic, record);

    var setAside = rejected.readRecord();
    assertThat(setAside.key()).matches(Pattern.quote(topic) + "-0@\\d+");
    assertThat(setAside.value()).isEqualTo(record);
    assertFailed(setAside.key() + " " + said);

    pipe(last);
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    assertThat(eligible.isEmpty()).isTrue();
    assertThat(runs.isEmpty()).isTrue();

    assertDecided(NEXT);
    assertThat(rejected.isEmpty()).isTrue();
    return new String(setAside.headers().lastHeader("why").value(), StandardCharsets.UTF_8);
  }

  @Test
  void theCoordinatesAreThoseOfTheRecord() {
    pipe(new StartOfInput(RUN, Input.BLOBS, new Options(1_000, true, false), Checksum.NONE));
    pipe(blob(RUN, ORPHAN, 30));

    bytes(TOPICS.blobs(), new byte[] {'x'});

    assertThat(rejected.readRecord().key()).isEqualTo("test.blobs-0@2");
  }

  static Stream<byte[]> unreadable() {
    return Stream.of("", "null", "[]", "{}", "{\"type\":\"blobs\"}", "{\"type\":\"of a later version\"}", "{\"type\":\"blobs\",")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void whateverIsNoRecordCannotBeRead(byte[] bytes) {
    pipe(new StartOfInput(RUN, Input.BLOBS, new Options(1_000, true, false), Checksum.NONE));

    bytes(TOPICS.blobs(), bytes);

    assertThat(rejected.readValue()).isEqualTo(bytes);
    assertFailed("test.blobs-0@1 can't be read");
  }

  @Test
  void aRecordWithoutAValueCannotBeRead() {
    pipe(new StartOfInput(RUN, Input.BLOBS, new Options(1_000, true, false), Checksum.NONE));

    bytes(TOPICS.blobs(), null);

    assertThat(rejected.readRecord()).returns("test.blobs-0@1", TestRecord::key).returns(null, TestRecord::value);
    assertFailed("test.blobs-0@1 can't be read");
  }

  @Test
  void aRecordThatCannotBeReadFailsNoRunThatIsOver() {
    bytes(TOPICS.blobs(), new byte[] {'x'});
    assertDecided(RUN);

    bytes(TOPICS.marks(), new byte[] {'x'});

    assertThat(rejected.getQueueSize()).isEqualTo(2);
    assertThat(runs.isEmpty()).isTrue();
    assertDecided(NEXT);
  }

  @Test
  void aRecordThatCannotBeReadWhileItIsDecidedFailsTheRun() {
    pipeBlobs(60_000);
    assertThat(runs.isEmpty()).as("still deciding").isTrue();

    bytes(TOPICS.layers(), new byte[] {'x'});
    driver.advanceWallClockTime(Duration.ofSeconds(1));

    assertFailed("test.layers-0@2 can't be read");
    assertThat(eligible.readValuesToList()).as("it doesn't end").noneMatch(EndOfEligible.class::isInstance);
  }

  /** Records that can be read, and have a name that no row can be stored with. */
  static Stream<Arguments> unworkable() {
    String name = "x".repeat(70_000);
    return Stream.of(
        Arguments.of(TOPICS.manifests(), manifest(RUN, name, LAST, List.of())),
        Arguments.of(TOPICS.manifests(), manifest(RUN, "app", LAST, List.of(name))),
        Arguments.of(TOPICS.layers(), layer(RUN, name, LAST)),
        Arguments.of(TOPICS.marks(), mark(0, 2, LAST, name)));
  }

  @ParameterizedTest(name = "of {0}")
  @MethodSource("unworkable")
  void aRecordThatCannotBeWorkedOffIsSetAsideAndFailsTheRun(String topic, Object record) throws IOException {
    byte[] unworkable = JsonSerde.MAPPER.writeValueAsBytes(record);

    assertThat(whyItIsSetAside(topic, unworkable, "can't be worked off: ")).contains("70000 characters");
  }

  @Test
  void aRunThatIsOverIsNotDecided() {
    List<EnumeratedRecord> records = records(RUN, false);
    EnumeratedRecord last = records.remove(records.size() - 1);
    records.forEach(this::pipe);

    over.add(RUN);
    pipe(last);
    over.clear();
    pipe(last);

    assertThat(eligible.isEmpty()).isTrue();
    assertThat(runs.isEmpty()).isTrue();
    assertDecided(NEXT);
  }

  @Test
  void aRunThatIsOverBeforeItBeginsIsPassedOver() {
    over.add(RUN);

    givenARun(RUN, false);

    assertThat(marks.isEmpty()).isTrue();
    assertThat(runs.isEmpty()).isTrue();
    assertDecided(NEXT);
  }

  @Test
  void aDecisionOnARunThatIsOverEnds() {
    pipeBlobs(60_000);
    int written = eligible.readValuesToList().size();
    over.add(RUN);

    driver.advanceWallClockTime(Duration.ofSeconds(1));

    assertThat(written).isPositive();
    assertThat(eligible.isEmpty()).isTrue();
    assertThat(runs.isEmpty()).isTrue();
    assertDecided(NEXT);
  }

  @Test
  void aDecisionThatCannotBeWrittenFailsTheRun() {
    int records = 10 + 2 * Input.values().length + 1;
    brokenAt = records + 1;
    pipeBlobs(10);

    var setAside = rejected.readRecord();
    assertThat(setAside.key()).as("the barrier that it was met at").isEqualTo("test.marks-0@0");
    assertThat(setAside.value()).isNotEmpty();
    assertFailed("test.marks-0@0 can't be worked off: java.lang.IllegalStateException: broken");
    assertThat(eligible.isEmpty()).isTrue();
    assertDecided(NEXT);
  }

  @Test
  void aDecisionThatCannotBeWrittenByTheClockFailsTheRun() {
    pipeBlobs(60_000);
    assertThat(runs.isEmpty()).as("still deciding").isTrue();
    brokenAt = asked + 1;

    driver.advanceWallClockTime(Duration.ofSeconds(1));

    assertThat(rejected.isEmpty()).as("no record is to blame").isTrue();
    assertFailed("partition 0 can't be decided: java.lang.IllegalStateException: broken");
    assertThat(eligible.readValuesToList()).as("it doesn't end").noneMatch(EndOfEligible.class::isInstance);
    assertDecided(NEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1, Integer.MAX_VALUE})
  void aRecordOfATaskThatIsNotThereFailsTheRun(int task) {
    for (MarksRecord record :
        List.of(
            mark(task, 1, LAYER, "app"),
            new MarksRecord.EndOfSuperstep(NEXT, task, 1, 0, 0, 0))) {
      List<EnumeratedRecord> records = records(record.run(), false);
      EnumeratedRecord last = records.remove(records.size() - 1);
      records.forEach(this::pipe);

      marksAgain.pipeInput(null, record);
      pipe(last);

      assertFailed("a record of task " + task + ", and there are 1");
      assertThat(eligible.isEmpty()).isTrue();
    }
    assertDecided(new RunId("20260101-000002"));
  }

  private static EnumeratedRecord manifest(RunId run, String repository, Digest digest, List<String> history) {
    return new Manifests(
        run, repository, List.of(new Manifest(digest, null, 10, 1, List.of("latest"), history, List.of(LAYER), List.of(), null, false)));
  }

  private static EnumeratedRecord blob(RunId run, Digest digest, long size) {
    return new Blobs(run, List.of(new Blob(digest, size, 1, null)));
  }

  private static EnumeratedRecord layer(RunId run, String repository, Digest digest) {
    return new Layers(run, repository, List.of(new Layer(digest, 1, null, null)));
  }

  private static MarksRecord mark(int task, long sequence, Digest digest, String repository) {
    return new MarksRecord.Marks(RUN, task, sequence, 0, List.of(new MarksRecord.Marks.Entry(IMAGE, repository, List.of(digest), List.of())));
  }

  private void pipeBlobs(int blobs) {
    for (Input input : Input.values()) {
      pipe(new StartOfInput(RUN, input, new Options(1_000, true, false), Checksum.NONE));
    }
    for (int i = 0; i < blobs; i++) {
      pipe(blob(RUN, RandomInput.digest("blob" + i), 1));
    }
    for (Input input : Input.values()) {
      pipe(new EndOfInput(RUN, input, input == Input.BLOBS ? blobs : 0, Checksum.NONE));
    }
  }

  private void bytes(String topic, byte[] bytes) {
    driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer()).pipeInput("key", bytes);
  }

  private void assertFailed(String why) {
    assertThat(runs.readValuesToList())
        .singleElement()
        .isInstanceOfSatisfying(RunRecord.Failed.class, failed -> {
          assertThat(failed.service()).isEqualTo("marker");
          assertThat(failed.why()).contains(why);
        });
  }

  /** Runs a run, and all is as it should be. */
  private void assertDecided(RunId run) {
    givenARun(run, false);
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    assertThat(runs.readValuesToList())
        .singleElement().isInstanceOf(RunRecord.Decided.class).extracting(RunRecord::run).isEqualTo(run);
    assertThat(eligible.readValuesToList()).hasSize(2).extracting(EligibleRecord::run).containsOnly(run);
  }

  private void givenARun(RunId run, boolean dry) {
    records(run, dry).forEach(this::pipe);
  }

  private static List<EnumeratedRecord> records(RunId run, boolean dry) {
    var options = new Options(1_000, true, dry);
    List<EnumeratedRecord> records = new ArrayList<>();
    for (Input input : Input.values()) {
      records.add(new StartOfInput(run, input, options, Checksum.NONE));
    }
    records.add(manifest(run, "app", IMAGE, List.of()));
    records.add(blob(run, IMAGE, 10));
    records.add(blob(run, LAYER, 20));
    records.add(blob(run, ORPHAN, 30));
    records.add(layer(run, "app", LAYER));
    records.add(new EndOfInput(run, Input.MANIFESTS, 1, Checksum.NONE));
    records.add(new EndOfInput(run, Input.BLOBS, 3, Checksum.NONE));
    records.add(new EndOfInput(run, Input.LAYERS, 1, Checksum.NONE));
    return records;
  }

  private void pipe(EnumeratedRecord record) {
    Input input =
        switch (record) {
          case Manifests pack -> Input.MANIFESTS;
          case Blobs pack -> Input.BLOBS;
          case Layers pack -> Input.LAYERS;
          case StartOfInput s -> s.input();
          case EndOfInput e -> e.input();
        };
    inputs.get(input).pipeInput(null, record);
  }
}
