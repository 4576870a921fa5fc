package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkDoneRecord.Planned;
import dev.tidemark.schemas.WorkDoneRecord.Records;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.testkit.Held;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EnumerationPublisherTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Topics TOPICS = new Topics("t.", 3);
    private static final Options OPTIONS = new Options(1, false, false);

    private static final RunRecord.Requested REQUEST =
            new RunRecord.Requested(RUN, 1, OPTIONS, 75, "test", null, null, null);
    private static final Planned PLANNED = new Planned(
            RUN, 0, 8, Map.of(), List.of(), "here", Checksum.NONE, List.of(), null, null, List.of(), Tally.NONE);

    private final RecordingLane lane = new RecordingLane();
    private final EnumeratorMeter meter = new EnumeratorMeter();
    private final EnumerationPublisher publisher = new EnumerationPublisher(TOPICS, RUN, lane, meter);

    @Test
    void everyPartitionHasItsRecordsBetweenItsBarriers() {
        publisher.start(REQUEST);
        for (int i = 0; i < 50; i++) {
            publisher.put(null, new Blob(digest(i), i, 0, null));
        }
        publisher.end(EnumerationPublisherTest::records);

        for (Input topic : Input.values()) {
            for (int partition = 0; partition < 3; partition++) {
                int at = partition;
                List<EnumeratedRecord> records = lane.sent(TOPICS.of(topic), partition, EnumeratedRecord.class);
                assertThat(records.getFirst()).isEqualTo(new StartOfInput(RUN, topic, OPTIONS, REQUEST.checksum()));
                assertThat(records.getLast())
                        .isEqualTo(new EndOfInput(
                                RUN,
                                topic,
                                100L * topic.ordinal() + partition,
                                records(topic, partition).checksum()));
                List<Held<?>> between = lane.unpacked(TOPICS.of(topic), partition);
                if (topic == Input.BLOBS) {
                    assertThat(between)
                            .isNotEmpty()
                            .allSatisfy(blob ->
                                    assertThat(TOPICS.partition(blob.digest())).isEqualTo(at));
                } else {
                    assertThat(between).isEmpty();
                }
            }
        }
        assertThat(lane.sent).as("barriers, and a pack a partition").hasSize(2 * 9 + 3);
    }

    @Test
    void eachRecordGoesToThePartitionOfItsDigest() {
        List<Held<?>> held = List.of(
                new Held<>(
                        "app",
                        new Manifest(
                                digest(1), null, 1, 1, null, List.of(), null, null, null, null, null, null, null,
                                false)),
                new Held<>(null, new Blob(digest(2), 1, 1, null)),
                new Held<>("app", new Layer(digest(3), 1, null, null)));

        held.forEach(one -> publisher.put(one.repository(), one.entry()));
        assertThat(lane.sent).as("a pack is filled first").isEmpty();
        publisher.put(new RepositoryRecord(RUN, "app", 1, 0, 0, 1, List.of(), Checksum.NONE));

        assertThat(lane.sent)
                .extracting(record -> record.topic())
                .containsExactly("t.manifests", "t.blobs", "t.layers", "t.repositories");
        assertThat(lane.sent)
                .extracting(record -> record.partition())
                .startsWith(TOPICS.partition(digest(1)), TOPICS.partition(digest(2)), TOPICS.partition(digest(3)));
        assertThat(lane.unpacked(TOPICS.manifests(), null)).isEqualTo(held.subList(0, 1));
        assertThat(lane.unpacked(TOPICS.blobs(), null)).isEqualTo(held.subList(1, 2));
        assertThat(lane.unpacked(TOPICS.layers(), null)).isEqualTo(held.subList(2, 3));
        assertThat(meter.records()).isEqualTo(3);
    }

    @Test
    void aPackIsOfOneRepository() {
        publisher.put("a", new Layer(digest(1), 1, null, null));
        publisher.put("b", new Layer(digest(1), 1, null, null));
        publisher.workDone(PLANNED);

        assertThat(lane.sent(TOPICS.layers(), null, EnumeratedRecord.class))
                .containsExactly(
                        new EnumeratedRecord.Layers(RUN, "a", List.of(new Layer(digest(1), 1, null, null))),
                        new EnumeratedRecord.Layers(RUN, "b", List.of(new Layer(digest(1), 1, null, null))));
    }

    @Test
    void noPackGrowsTooLargeForARecord() {
        List<Digest> references =
                IntStream.range(0, 900).mapToObj(EnumerationPublisherTest::wide).toList();
        Sizes sizes =
                Sizes.of(LongStream.generate(() -> Long.MAX_VALUE).limit(900).toArray());
        for (int i = 0; i < 3; i++) {
            publisher.put(
                    "a",
                    new Manifest(
                            digest(1),
                            null,
                            1,
                            1,
                            null,
                            List.of(),
                            null,
                            references,
                            sizes,
                            null,
                            null,
                            null,
                            null,
                            false));
        }
        for (int i = 0; i < 3 * 2_500; i++) {
            publisher.put(null, new Blob(wide(i), 1, 1, null));
        }
        publisher.workDone(PLANNED);

        assertThat(lane.sent(TOPICS.manifests(), null, EnumeratedRecord.class)).hasSize(3);
        assertThat(lane.sent(TOPICS.blobs(), null, EnumeratedRecord.class))
                .hasSizeBetween(8, 9)
                .allSatisfy(pack ->
                        assertThat(((EnumeratedRecord.Blobs) pack).blobs()).hasSizeLessThanOrEqualTo(1_000));
        assertThat(lane.unpacked(TOPICS.blobs(), null)).hasSize(3 * 2_500).doesNotHaveDuplicates();
    }

    @Test
    void recordsOfRepositoriesAndOfTheWorkGoToTheirTopics() {
        var repository = new RepositoryRecord(RUN, "app", 1, 2, 0, 3, List.of(), Checksum.NONE);
        var item = new WorkRecord.Repository(RUN, 7, "app", List.of(), null, null, null);

        publisher.put(repository);
        publisher.work(item);
        publisher.workDone(PLANNED);

        assertThat(lane.sent(TOPICS.repositories(), null, RepositoryRecord.class))
                .containsExactly(repository);
        assertThat(lane.sent(TOPICS.work(), null, WorkRecord.class)).containsExactly(item);
        assertThat(lane.sent(TOPICS.workDone(), null, WorkDoneRecord.class)).containsExactly(PLANNED);
        assertThat(lane.sent).extracting(record -> record.key()).containsExactly("app", "7", RUN.toString());
    }

    @Test
    void recordsHaveTheChecksumOfTheirPacksAndARepositoryThatOfItsRecord() {
        Digest layer = digest(1);
        int partition = TOPICS.partition(layer);

        publisher.put("app", new Layer(layer, 1, null, null));
        publisher.put("app", new Layer(layer, 2, null, null));
        List<Records> first = publisher.records();
        publisher.put("app", new Layer(layer, 3, null, null));
        List<Records> both = publisher.records();
        Checksum said = publisher.put(new RepositoryRecord(RUN, "app", 0, 0, 0, 1, List.of(), Checksum.NONE));

        List<byte[]> packs = lane.values(TOPICS.layers());
        assertThat(packs).as("what is still being packed is sent first").hasSize(2);
        assertThat(first).containsExactly(new Records(Input.LAYERS, partition, 2, Checksum.of(packs.get(0))));
        assertThat(both)
                .containsExactly(new Records(
                        Input.LAYERS, partition, 3, Checksum.of(packs.get(0)).plus(packs.get(1))));
        assertThat(said)
                .isEqualTo(Checksum.of(lane.values(TOPICS.repositories()).getFirst()));
    }

    private static Records records(Input topic, int partition) {
        return new Records(
                topic, partition, 100L * topic.ordinal() + partition, Checksum.of(new byte[] {(byte) partition}));
    }

    @Test
    void aLaneThatIsGivenBackGetsNothingMore() {
        lane.stopped = true;

        assertThatExceptionOfType(LaneStoppedException.class)
                .isThrownBy(() -> publisher.put(null, new Blob(digest(1), 1, 1, null)));
        assertThat(lane.sent).isEmpty();
        assertThat(meter.records()).isZero();
    }

    private static Digest wide(int seed) {
        return Digest.Algorithm.SHA256.of(new byte[] {(byte) (seed >> 8), (byte) seed});
    }

    private static Digest digest(int seed) {
        return Digest.Algorithm.SHA256.of(new byte[] {(byte) seed});
    }
}
