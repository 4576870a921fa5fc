package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
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
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The marker's topology with its real stores and serdes, on one partition: a registry of one image and an orphan, and
 * the outcome of its runs.
 */
abstract class TopologyOnOnePartition {

    static final Topics TOPICS = new Topics("test.", 1);
    static final RunId RUN = new RunId("20260101-000000");
    static final RunId NEXT = new RunId("20260101-000001");
    static final Digest IMAGE = RandomInput.digest("image");
    static final Digest LAYER = RandomInput.digest("layer");
    static final Digest ORPHAN = RandomInput.digest("orphan");
    static final Digest LAST = RandomInput.digest("last");
    /** Blobs in a record, where they are many: the test driver takes as long for a small record as for a large one. */
    private static final int PACK = 500;

    @TempDir
    private Path state;

    TopologyTestDriver driver;
    final Map<Input, TestInputTopic<String, EnumeratedRecord>> inputs = new HashMap<>();
    TestOutputTopic<String, EligibleRecord> eligible;
    TestOutputTopic<String, EligibleRecord> dryRun;
    TestOutputTopic<String, MarksRecord> marks;
    TestInputTopic<String, MarksRecord> marksAgain;
    TestOutputTopic<String, RunRecord> runs;
    TestOutputTopic<String, byte[]> rejected;
    final Set<RunId> over = new HashSet<>();
    int asked;
    int brokenAt;

    @BeforeEach
    void start() {
        var properties = new Properties();
        properties.putAll(MarkerService.configuration(
                TOPICS, MarkerSettings.alone(state), Map.of(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1")));
        driver = new TopologyTestDriver(new MarkerTopology(TOPICS, new MarkerMeter(), this::over).get(), properties);
        for (Input input : Input.values()) {
            inputs.put(
                    input,
                    driver.createInputTopic(
                            TOPICS.of(input),
                            new StringSerializer(),
                            new JsonSerde<>(EnumeratedRecord.class).serializer()));
        }
        eligible = output(TOPICS.eligible(), EligibleRecord.class);
        dryRun = output(TOPICS.eligibleDryRun(), EligibleRecord.class);
        marks = output(TOPICS.marks(), MarksRecord.class);
        marksAgain = driver.createInputTopic(
                TOPICS.marks(), new StringSerializer(), new JsonSerde<>(MarksRecord.class).serializer());
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

    static EnumeratedRecord manifest(RunId run, String repository, Digest digest, List<String> history) {
        return manifest(run, repository, digest, history, 20);
    }

    /** @param said the layer's size, in its words */
    static EnumeratedRecord manifest(RunId run, String repository, Digest digest, List<String> history, long said) {
        return new Manifests(
                run,
                repository,
                List.of(new Manifest(
                        digest,
                        null,
                        10,
                        1,
                        List.of("latest"),
                        List.of(),
                        history,
                        List.of(LAYER),
                        Sizes.of(said),
                        List.of(),
                        null,
                        null,
                        null,
                        false)));
    }

    static EnumeratedRecord blob(RunId run, Digest digest, long size) {
        return new Blobs(run, List.of(new Blob(digest, size, 1, null)));
    }

    static EnumeratedRecord layer(RunId run, String repository, Digest digest) {
        return new Layers(run, repository, List.of(new Layer(digest, 1, null, null)));
    }

    static MarksRecord mark(int task, long sequence, Digest digest, String repository) {
        return new MarksRecord.Marks(
                RUN,
                task,
                sequence,
                0,
                List.of(new MarksRecord.Marks.Entry(IMAGE, repository, List.of(digest), null, List.of(), null, null)));
    }

    /** A run of so many blobs, which nothing references. */
    void pipeBlobs(int blobs) {
        pipeBlobs(blobs, 1);
    }

    void pipeYoungBlobs(int blobs) {
        pipeBlobs(blobs, 2_000);
    }

    private void pipeBlobs(int blobs, long modified) {
        for (Input input : Input.values()) {
            pipe(new StartOfInput(RUN, input, new Options(1_000, true, false), Checksum.NONE));
        }
        for (int first = 0; first < blobs; first += PACK) {
            pipe(new Blobs(
                    RUN,
                    IntStream.range(first, Math.min(blobs, first + PACK))
                            .mapToObj(i -> new Blob(RandomInput.digest("blob" + i), 1, modified, null))
                            .toList()));
        }
        for (Input input : Input.values()) {
            pipe(new EndOfInput(RUN, input, input == Input.BLOBS ? blobs : 0, Checksum.NONE));
        }
    }

    void bytes(String topic, byte[] bytes) {
        driver.createInputTopic(topic, new StringSerializer(), new ByteArraySerializer())
                .pipeInput("key", bytes);
    }

    void assertFailed(String why) {
        assertThat(runs.readValuesToList()).singleElement().isInstanceOfSatisfying(RunRecord.Failed.class, failed -> {
            assertThat(failed.service()).isEqualTo("marker");
            assertThat(failed.why()).contains(why);
        });
    }

    /** Runs a run, and all is as it should be. */
    void assertDecided(RunId run) {
        givenARun(run, false);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(runs.readValuesToList())
                .singleElement()
                .isInstanceOf(RunRecord.Decided.class)
                .extracting(RunRecord::run)
                .isEqualTo(run);
        assertThat(eligible.readValuesToList())
                .hasSize(2)
                .extracting(EligibleRecord::run)
                .containsOnly(run);
    }

    void givenARun(RunId run, boolean dry) {
        records(run, dry).forEach(this::pipe);
    }

    static List<EnumeratedRecord> records(RunId run, boolean dry) {
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

    void pipe(EnumeratedRecord record) {
        Input input = switch (record) {
            case Manifests pack -> Input.MANIFESTS;
            case Blobs pack -> Input.BLOBS;
            case Layers pack -> Input.LAYERS;
            case StartOfInput s -> s.input();
            case EndOfInput e -> e.input();
        };
        inputs.get(input).pipeInput(null, record);
    }
}
