package dev.tidemark.service.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.enumerator.EnumeratorService;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.kafka.topic.PullTopics;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.PullRecord;
import dev.tidemark.schemas.PullsCollected;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.service.health.Health;
import dev.tidemark.service.health.HttpEndpoints;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.EventReceiver;
import dev.tidemark.sweeper.look.Nominee;
import dev.tidemark.sweeper.look.RecordedPulls;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.TestKafka;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real registry tells a sweeper what its clients pull, and a policy keeps that: tags that were pulled by their
 * name, by the digest, or by an image of their index.
 */
@Timeout(900)
class PullsIT extends NotifyingRegistry {

    private static final String APP = "team/app";
    private static final String LAST = "last";

    private static final String POLICY = """
            policies:
              - name: used
                repositories: ["**"]
                tags:
                  - match: ["*"]
                    keepAny: { pulledWithin: 2d }
            """;

    private Cluster cluster;

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry3"})
    void anImageThatClientsPullStays(String binary) throws Exception {
        assumeTrue(DockerRegistry.onPath(binary), binary + " is not installed: skipped");
        Path root = Files.createDirectories(directory.resolve("registry"));
        try (var kafka = TestKafka.start(directory.resolve("kafka"));
                var http = new HttpEndpoints(0, new Health(), () -> "");
                var registry = DockerRegistry.serve(
                        binary, directory, RegistryConfigFile.onFilesystem(root), notifying(http))) {
            cluster = cluster(kafka);
            var topics = new PullTopics(cluster);
            assertThat(topics.since(Instant.now())).isEmpty();
            long since = collectedForDays(5);
            try (var events = new EventReceiver(cluster, meter)) {
                take(http, events);
                pushAndPull(registry);
                await(() -> pulls().stream().anyMatch(pull -> LAST.equals(pull.tag())));
            }

            assertThat(pulls())
                    .extracting(PullRecord::repository, PullRecord::tag)
                    .contains(tuple(APP, "by-name"), tuple(APP, "by-head"))
                    .doesNotContain(tuple(APP, "by-digest"), tuple(APP, "child"), tuple(APP, "unused"));
            assertThat(pulls())
                    .as("a tag that is pulled again and again, and it may be an hour later by now")
                    .filteredOn(pull -> "by-name".equals(pull.tag()))
                    .hasSizeBetween(1, 2);
            assertThat(meter.malformed()).isZero();
            assertThat(topics.since(Instant.now())).as("over a restart").hasValue(since);

            RegistryOnDisk.at(root).age(Duration.ofDays(3));
            Run run = enumerated(root);

            assertThat(run.enumerated().pullsSince()).isEqualTo(since);
            assertThat(tags())
                    .extracting(
                            TagsRecord.Tag::name,
                            tag -> tag.pulled() != null,
                            TagsRecord.Tag::goes,
                            tag -> tag.verdict().why())
                    .containsExactly(
                            tuple("by-digest", true, false, "pulled 0s ago, kept for 2d"),
                            tuple("by-head", true, false, "pulled 0s ago, kept for 2d"),
                            tuple("by-image", true, false, "pulled 0s ago, kept for 2d"),
                            tuple("by-name", true, false, "pulled 0s ago, kept for 2d"),
                            tuple("child", true, false, "pulled 0s ago, kept for 2d"),
                            tuple(LAST, true, false, "pulled 0s ago, kept for 2d"),
                            tuple("unused", false, true, "not pulled, pushed 3d ago, kept for 2d"));

            var late = new RecordedPulls(cluster);
            assertThat(late.spared(run, () -> {})).isEmpty();
            Digest unused = tag("unused").digest();
            var pull = PullRecord.heard(APP, "unused", unused, Instant.now());
            publish(cluster.topics().pulls(), pull.key(), PullRecord.class, pull);
            assertThat(late.spared(run, () -> {}))
                    .as("what the sweeper spares, as it was pulled since the run decided")
                    .containsExactly(new Nominee(APP, unused));
        }
    }

    private static void pushAndPull(DockerRegistry registry) {
        for (String tag : List.of("by-name", "by-head", "unused", LAST)) {
            registry.pushImage(APP, tag, "config of " + tag, "layer of " + tag);
        }
        String digest = registry.pushImage(APP, "by-digest", "config", "layer");
        String child = registry.pushImage(APP, "child", "config of child", "layer");
        registry.pushManifest(
                APP,
                "by-image",
                RegistryOnDisk.OCI_INDEX,
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
                        .formatted(
                                RegistryOnDisk.OCI_INDEX,
                                RegistryOnDisk.descriptor(RegistryOnDisk.DOCKER_IMAGE, child)));
        registry.blob(APP, RegistryOnDisk.sha256("layer of unused".getBytes(StandardCharsets.UTF_8)));
        for (int i = 0; i < 20; i++) {
            registry.manifest(APP, "by-name");
        }
        assertThat(registry.hasManifest(APP, "by-head")).isTrue();
        registry.manifest(APP, digest);
        registry.manifest(APP, child);
        // A replica sends its events one after the other.
        registry.manifest(APP, LAST);
    }

    /** As if sweepers had taken events for so many days, and somebody had pulled just now. */
    private long collectedForDays(int days) {
        long now = System.currentTimeMillis();
        var collected = new PullsCollected(
                new PullTopics(cluster).id(), now - Duration.ofDays(days).toMillis(), now, now);
        publish(cluster.topics().pullsCollected(), PullsCollected.KEY, PullsCollected.class, collected);
        return collected.since();
    }

    private <T> void publish(String topic, String key, Class<T> type, T record) {
        try (var records = new RecordPublisher(cluster, topic);
                var serde = new JsonSerde<>(type)) {
            records.publish(
                    List.of(new ProducerRecord<>(topic, key, serde.serializer().serialize(null, record))));
        }
    }

    private List<PullRecord> pulls() {
        return read(cluster.topics().pulls(), PullRecord.class);
    }

    private List<TagsRecord.Tag> tags() {
        return read(cluster.topics().tags(), TagsRecord.class).stream()
                .flatMap(record -> record.tags().stream())
                .toList();
    }

    private TagsRecord.Tag tag(String name) {
        return tags().stream()
                .filter(tag -> tag.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private <T> List<T> read(String topic, Class<T> type) {
        List<T> records = new ArrayList<>();
        try (var scan = new TopicScan<>(cluster, topic, type)) {
            scan.read(0, OptionalLong.empty(), () -> true, records::add);
        }
        return records;
    }

    private Run enumerated(Path root) throws Exception {
        long now = System.currentTimeMillis();
        try (Storage storage = FilesystemStorage.open(root);
                var runs = new RunPublisher(cluster);
                var enumerator = new EnumeratorService(
                        cluster,
                        storage,
                        Optional.empty(),
                        DescriptorCache.NONE,
                        directory.resolve("state"),
                        Duration.ofDays(30),
                        1,
                        Optional.empty(),
                        Duration.ofMinutes(15),
                        new EnumeratorMeter(),
                        failure::complete)) {
            enumerator.start();
            runs.publish(new RunRecord.Requested(
                    RunId.next(Instant.now(), Optional.empty()),
                    now,
                    new Options(now, false, true),
                    100,
                    "test",
                    null,
                    null,
                    PolicyText.of(POLICY)));
            await(() -> enumerator.runs().latest().filter(Run::ended).isPresent()
                    || enumerator.runs().latest().map(Run::enumerated).isPresent());
            return enumerator.runs().latest().orElseThrow();
        }
    }
}
