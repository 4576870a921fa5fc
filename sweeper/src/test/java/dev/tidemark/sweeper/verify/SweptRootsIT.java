package dev.tidemark.sweeper.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.RunRecord.Verified;
import dev.tidemark.schemas.RunRecord.Verified.Lost;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.sweeper.ClusterOnKafka;
import dev.tidemark.sweeper.Watched;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A marker with a fault has given up a manifest that a tag names, and a sweeper has deleted it. */
class SweptRootsIT {

    private static final String REPOSITORY = "team/app";

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private String image;
    private String layer;
    private boolean spared;
    private Consumer<String> beforeLook = path -> {};

    @BeforeEach
    void aTaggedImageThatIsSwept() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo(REPOSITORY);
        layer = app.layer("a layer");
        image = app.image(RegistryOnDisk.DOCKER_IMAGE, app.layer("a config"), layer);
        app.tag("latest", image);
        registry.age(Duration.ofDays(3));
        RegistryOnDisk.remove(app.revision(image));
        RegistryOnDisk.remove(registry.data(image));
    }

    @Test
    void theVerificationFindsAManifestThatATagStillNames() throws Exception {
        Digest digest = Digest.parse(image);

        assertThat(verified().lost())
                .containsExactlyInAnyOrder(
                        new Lost(Kind.MANIFEST, digest, REPOSITORY), new Lost(Kind.BLOB, digest, REPOSITORY));
    }

    @Test
    void aTagThatHasMovedOnNeedsItNoMore() throws Exception {
        app.tag("latest", app.image("another"));

        assertThat(verified().lost()).isEmpty();
    }

    @Test
    void aManifestThatAClientDeletesDuringTheVerificationIsNotLost() throws Exception {
        RegistryOnDisk.remove(app.currentLink("latest"));
        pushAgain();
        String data = Layout.blobData(Digest.parse(image));
        beforeLook = path -> {
            if (path.equals(data)) {
                app.revision(image).toFile().delete();
            }
        };

        assertThat(verified().lost()).isEmpty();
        assertThat(app.revision(image)).as("it was deleted by the look").doesNotExist();
    }

    /** Its layer link went before it was tagged again, and what was tagged is deleted before the look. */
    @Test
    void theLayerOfAManifestThatIsSparedAndThatAClientHasDeletedSinceIsNotLost() throws Exception {
        spared = true;
        RegistryOnDisk.remove(app.currentLink("latest"));
        RegistryOnDisk.remove(app.layerPath(layer));

        assertThat(verified().lost()).isEmpty();
    }

    @Test
    void theLayerOfAManifestThatIsSparedAndStillThereIsLost() throws Exception {
        spared = true;
        pushAgain();
        RegistryOnDisk.remove(app.layerPath(layer));

        assertThat(verified().lost()).containsExactly(new Lost(Kind.LAYER, Digest.parse(layer), REPOSITORY));
    }

    private void pushAgain() {
        app.image(RegistryOnDisk.DOCKER_IMAGE, app.layer("a config"), layer);
    }

    private Verified verified() throws Exception {
        try (var kafka = new ClusterOnKafka(directory.resolve("kafka"));
                var storage = new Watched(FilesystemStorage.open(registry.root()))) {
            storage.beforeLook = beforeLook;
            return new Verification(kafka.cluster, storage)
                    .verify(swept(kafka.cluster), () -> {}, () -> true)
                    .orElseThrow();
        }
    }

    /** Writes the records of a run that has deleted the manifest; or has spared it, and deleted its layer's link. */
    private Run swept(Cluster cluster) {
        Instant now = Instant.now();
        RunId id = RunId.next(now, Optional.empty());
        Digest digest = Digest.parse(image);
        var manifest = new Manifest(
                digest,
                RegistryOnDisk.DOCKER_IMAGE,
                1,
                1,
                List.of("latest"),
                List.of(),
                List.of(),
                List.of(Digest.parse(layer)),
                null,
                List.of(),
                null,
                null,
                null,
                false);
        publish(
                cluster,
                cluster.topics().manifests(),
                EnumeratedRecord.class,
                new Manifests(id, REPOSITORY, List.of(manifest)));
        if (spared) {
            publish(cluster, deletion(id, Kind.MANIFEST, image, Outcome.SPARED));
            publish(cluster, deletion(id, Kind.LAYER, layer, Outcome.DELETED));
        } else {
            publish(cluster, deletion(id, Kind.MANIFEST, image, Outcome.DELETED));
            publish(cluster, deletion(id, Kind.BLOB, image, Outcome.DELETED));
        }
        var options = new Options(now.minus(Duration.ofDays(1)).toEpochMilli(), true, false);
        var totals = new Totals(
                Tally.NONE,
                new Tally(1, 1),
                Map.of(),
                0,
                1,
                0,
                0,
                0,
                Map.of(),
                0,
                List.of(),
                Totals.Unlinked.NONE,
                Totals.WrongSizes.NONE);
        var sweep =
                new Sweep(Map.of(Kind.MANIFEST, new Tally(1, 0), Kind.BLOB, new Tally(1, 1)), 0, Map.of(), Map.of());
        return Stream.of(
                        new Requested(id, now.toEpochMilli(), options, 100, "test", null, null, null),
                        new Enumerated(
                                id,
                                "test",
                                1,
                                1,
                                1,
                                0,
                                1,
                                1,
                                null,
                                null,
                                0,
                                Checksum.NONE,
                                DescriptorCache.UNKNOWN,
                                null,
                                null,
                                Fingerprint.NONE,
                                OtherFiles.NONE),
                        new Decided(id, 0, 1, 1, totals, Checksum.NONE),
                        new Swept(id, 0, 1, sweep, Checksum.NONE, null, null))
                .reduce(Optional.<Run>empty(), Run::after, (one, other) -> other)
                .orElseThrow();
    }

    private static DeletionRecord deletion(RunId run, Kind kind, String digest, Outcome outcome) {
        return new DeletionRecord(
                run,
                kind,
                Digest.parse(digest),
                kind == Kind.BLOB ? null : REPOSITORY,
                outcome,
                1,
                outcome == Outcome.SPARED ? WhyKept.YOUNG : null,
                System.currentTimeMillis());
    }

    private static void publish(Cluster cluster, DeletionRecord deletion) {
        publish(cluster, cluster.topics().deletions(), DeletionRecord.class, deletion);
    }

    private static <T> void publish(Cluster cluster, String topic, Class<T> type, T record) {
        try (var records = new RecordPublisher(cluster, topic);
                var serde = new JsonSerde<>(type)) {
            records.publish(List.of(
                    new ProducerRecord<>(topic, 0, "", serde.serializer().serialize(null, record))));
        }
    }
}
