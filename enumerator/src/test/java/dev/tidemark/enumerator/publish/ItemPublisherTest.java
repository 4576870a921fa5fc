package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Witness;
import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkDoneRecord.Records;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.testkit.Held;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reports of an item's publisher: the records that it has sent, and their partitions. */
class ItemPublisherTest {

    private static final RunPolicy NO_POLICY = new RunPolicy(
            Optional.empty(), 0, new EnumeratedRecord.Options(Long.MAX_VALUE, true, false), LastPulls.NONE, Map.of());

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Topics TOPICS = new Topics("t.", 3);
    private static final int SEVERAL = 20;

    @TempDir
    private Path directory;

    private final RecordingLane lane = new RecordingLane();
    private final EnumerationPublisher publisher = new EnumerationPublisher(TOPICS, RUN, lane, new EnumeratorMeter());
    private RegistryOnDisk registry;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
    }

    @Test
    void recordsOfARepositoryAreCountedByTopicAndPartition() {
        RepositoryOnDisk app = registry.repo("team/app");
        for (int i = 0; i < SEVERAL; i++) {
            app.tag("v" + i, app.image("image" + i));
        }
        registry.repo("other").image("not of this item");

        Done done = read(new WorkRecord.Repository(RUN, 5, "team/app", List.of(), null, null, null));

        assertCounted(done);
        assertThat(sent(EnumeratedRecord.Input.MANIFESTS))
                .hasSize(SEVERAL)
                .allMatch(one -> one.entry() instanceof Manifest);
        assertThat(sent(EnumeratedRecord.Input.LAYERS))
                .hasSize(3 * SEVERAL)
                .allMatch(one -> one.entry() instanceof Layer);
        assertThat(sent(EnumeratedRecord.Input.BLOBS)).isEmpty();
        assertThat(done)
                .returns(RUN, Done::run)
                .returns(5, Done::item)
                .returns("team/app", Done::repository)
                .returns((long) SEVERAL, Done::manifests)
                .returns((long) SEVERAL, Done::tags)
                .returns(3L * SEVERAL, Done::layerLinks)
                .returns(0L, Done::blobs)
                .returns(0L, Done::bytes);
    }

    @Test
    void blobsOfAShardAreCountedByPartition() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; texts.size() < SEVERAL; i++) {
            String text = "blob" + i;
            if (RegistryOnDisk.sha256(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .startsWith("sha256:a")) {
                texts.add(text);
            }
        }
        texts.forEach(registry::blob);
        String shard = "a" + RegistryOnDisk.hex(registry.blobs().getFirst()).charAt(1);
        List<String> inShard = registry.blobs().stream()
                .filter(blob -> blob.startsWith("sha256:" + shard))
                .toList();

        Done done = read(new WorkRecord.Shards(RUN, 0, "sha256", shard, shard, "pinned by the plan", List.of(), null));

        assertCounted(done);
        List<Blob> blobs =
                Held.entries(Blob.class, sent(EnumeratedRecord.Input.BLOBS)).toList();
        assertThat(blobs).extracting(blob -> blob.digest().toString()).containsExactlyInAnyOrderElementsOf(inShard);
        assertThat(blobs).allSatisfy(blob -> assertThat(blob.pinned()).isEqualTo("pinned by the plan"));
        assertThat(done)
                .returns(null, Done::repository)
                .returns((long) inShard.size(), Done::blobs)
                .returns(blobs.stream().mapToLong(Blob::size).sum(), Done::bytes);
        assertThat(done.bytes()).isPositive();
    }

    @Test
    void theNewestOldLinkOfARepositoryAndTheNewestBlobOfBeforeTheRunAreSaid() throws IOException {
        RepositoryOnDisk app = registry.repo("app");
        String old = app.image("old");
        String young = app.image("young");
        registry.age(Duration.ofDays(9));
        RegistryOnDisk.age(app.revision(young), Duration.ofHours(1));
        RegistryOnDisk.age(app.revision(old), Duration.ofDays(3));
        RegistryOnDisk.age(registry.data(old), Duration.ofHours(1));
        RegistryOnDisk.age(registry.data(young), Duration.ZERO);
        Instant asked = Instant.now().minus(Duration.ofMinutes(1));
        var options =
                new EnumeratedRecord.Options(asked.minus(Duration.ofDays(1)).toEpochMilli(), true, false);
        var policy = new RunPolicy(Optional.empty(), asked.toEpochMilli(), options, LastPulls.NONE, Map.of());

        Done repository = read(new WorkRecord.Repository(RUN, 0, "app", List.of(), null, null, null), policy);
        assertThat(repository.fingerprint()).isEqualTo(new Fingerprint(List.of(), modified(app.revision(old))));

        Done shards = read(new WorkRecord.Shards(RUN, 1, "sha256", "00", "ff", null, List.of(), null), policy);
        assertThat(shards.fingerprint())
                .as("what is as young as the run may still be written")
                .isEqualTo(new Fingerprint(List.of(new Witness(Digest.parse(old), modified(registry.data(old)))), 0));
    }

    private static long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @Test
    void problemsAreCountedWithAnExample() {
        RegistryOnDisk.write(registry.base().resolve("blobs/sha256/ab/stray"), new byte[0]);

        Done done = read(new WorkRecord.Shards(RUN, 0, "sha256", "ab", "ab", null, List.of(), null));

        assertThat(done.problems()).containsExactly(java.util.Map.entry(Problem.Kind.STRAY, 1L));
        assertThat(done.examples()).hasSize(1);
        assertThat(done.records()).isEmpty();
    }

    @Test
    void anUnknownAlgorithmIsAnError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(new WorkRecord.Shards(RUN, 0, "md5", "ab", "ab", null, List.of(), null)));
    }

    @Test
    void anItemWhoseRecordsCannotBeSentIsNotDone() {
        registry.repo("app").image("image");
        lane.failure = new KafkaException("disk full");

        assertThatThrownBy(() -> read(new WorkRecord.Repository(RUN, 0, "app", List.of(), null, null, null)))
                .isSameAs(lane.failure);
    }

    private Done read(WorkRecord item) {
        return read(item, NO_POLICY);
    }

    private Done read(WorkRecord item, RunPolicy policy) {
        Storage storage = FilesystemStorage.open(registry.root());
        Done done = new ItemPublisher(
                        storage,
                        new ManifestReader(storage)::read,
                        SubjectSource.NONE,
                        true,
                        new EnumeratedRecord.Options(0, false, false),
                        file -> 0,
                        policy,
                        publisher)
                .publish(item);
        publisher.workDone(done);
        return done;
    }

    /** The counts are those of what came through the lane, in every partition, and more than one has some. */
    private void assertCounted(Done done) {
        var ledger = new WorkLedger();
        ledger.add(done);
        for (EnumeratedRecord.Input topic : EnumeratedRecord.Input.values()) {
            for (int partition = 0; partition < TOPICS.partitions(); partition++) {
                assertThat(ledger.records(topic, partition).count())
                        .as("%s-%d", topic, partition)
                        .isEqualTo(lane.unpacked(TOPICS.of(topic), partition).size());
            }
        }
        assertThat(done.records())
                .hasSizeGreaterThan(1)
                .extracting(Records::count)
                .allMatch(count -> count > 0);
    }

    private List<Held<?>> sent(EnumeratedRecord.Input topic) {
        return lane.unpacked(TOPICS.of(topic), null);
    }
}
