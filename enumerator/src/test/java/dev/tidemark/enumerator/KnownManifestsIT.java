package dev.tidemark.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.kafka.topic.TopicCreation;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.kafka.topic.TopicSettings;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.KnownManifest;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.s3.S3Storage;
import dev.tidemark.testkit.ReferrersOnDisk;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import dev.tidemark.testkit.S3Server;
import dev.tidemark.testkit.TestKafka;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The manifests of a bucket that enumerators know from run to run. The runs' ids say when they were. */
class KnownManifestsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private static Path kafkaDirectory;

    private static TestKafka kafka;

    @TempDir
    private Path directory;

    private S3Server server;
    private S3Storage storage;
    private Cluster cluster;
    private EnumeratorService service;
    private RepositoryOnDisk repository;
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
    void start(TestInfo test) throws Exception {
        server = S3Server.on(Files.createDirectories(directory.resolve("s3")));
        repository = RegistryOnDisk.at(server.bucket("registry")).repo("app");
        String prefix = test.getTestMethod().orElseThrow().getName() + ".";
        var settings =
                new TopicSettings(prefix, OptionalInt.of(1), 2, (short) 1, Duration.ofDays(30), Duration.ofDays(365));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            cluster = new Cluster(
                    Map.of("bootstrap.servers", kafka.bootstrapServers()), TopicCreation.ensure(admin, settings));
        }
    }

    private void startService() {
        storage = EmulatedBucket.of(server);
        service = new EnumeratorService(
                cluster,
                storage,
                Optional.empty(),
                DescriptorCache.NONE,
                directory.resolve("state"),
                Duration.ofDays(30),
                4,
                Optional.empty(),
                Duration.ofMinutes(15),
                new EnumeratorMeter(),
                failure::set);
        service.start();
    }

    @AfterEach
    void stop() throws Exception {
        service.close();
        storage.close();
        server.close();
        assertThat(failure.get()).isNull();
    }

    @Test
    void aManifestThatNoRunHasSeenForTheTimeOfRetentionIsForgotten() throws Exception {
        Digest stays = Digest.parse(repository.image("stays"));
        Digest goes = Digest.parse(repository.image("goes"));
        startService();

        assertThat(readsOf("20260101-000000")).as("nothing is known yet").isEqualTo(2);
        assertThat(told()).containsExactlyInAnyOrder(stays + " 20260101-000000", goes + " 20260101-000000");

        Path link = unlink(goes);
        assertThat(readsOf("20260110-000000")).as("what is known is not read").isZero();
        assertThat(told()).as("and is not told again soon").hasSize(2);

        assertThat(readsOf("20260120-000000")).isZero();
        assertThat(told())
                .as("what is seen after half of the time is told again")
                .hasSize(3)
                .endsWith(stays + " 20260120-000000");

        assertThat(readsOf("20260130-000000")).isZero();
        assertThat(told()).hasSize(3);

        assertThat(readsOf("20260201-000000")).isZero();
        await("it to be forgotten", () -> told().size() == 4);
        assertThat(told()).endsWith(goes + " forgotten");

        Files.createDirectories(link.getParent());
        Files.writeString(link, goes.toString());
        service.close();
        storage.close();
        startService();
        assertThat(readsOf("20260202-000000"))
                .as("it is read again, where it comes back")
                .isEqualTo(1);
        assertThat(told()).hasSize(5).endsWith(goes + " 20260202-000000");
    }

    /** Runs that are rarer than the retention is long still save requests. */
    @Test
    void aManifestThatARunSeesStaysKnownHoweverLongAgoTheLastRunWas() throws Exception {
        Digest stays = Digest.parse(repository.image("stays"));
        startService();
        assertThat(readsOf("20250101-000000")).isEqualTo(1);

        assertThat(readsOf("20260101-000000")).isZero();
        assertThat(told()).startsWith(stays + " 20250101-000000", stays + " 20260101-000000");
    }

    @Test
    void aManifestThatIsKnownSaysWhatItSaidWhenItWasRead() throws Exception {
        String image = repository.image("image");
        repository.index(image, new ReferrersOnDisk(repository).notation(image));
        startService();

        assertThat(readsOf("20260101-000000")).isEqualTo(3);
        assertThat(readsOf("20260102-000000")).isZero();

        assertThat(manifestsOf("20260102-000000"))
                .isEqualTo(manifestsOf("20260101-000000"))
                .hasSize(3)
                .allSatisfy(manifest ->
                        assertThat(manifest.sizes().by(manifest.references())).containsOnlyKeys(manifest.references()))
                .extracting(Manifest::subject)
                .contains(Digest.parse(image));
    }

    private Set<Manifest> manifestsOf(String run) {
        Set<Manifest> manifests = new HashSet<>();
        try (var records = new TopicScan<>(cluster, cluster.topics().manifests(), EnumeratedRecord.class)) {
            for (int partition = 0; partition < cluster.topics().partitions(); partition++) {
                records.read(partition, OptionalLong.empty(), () -> true, record -> {
                    if (record instanceof EnumeratedRecord.Manifests pack
                            && pack.run().equals(new RunId(run))) {
                        manifests.addAll(pack.manifests());
                    }
                });
            }
        }
        return manifests;
    }

    private Path unlink(Digest digest) throws IOException {
        Path link = directory
                .resolve("s3/registry")
                .resolve(Layout.BASE)
                .resolve(Layout.revision("app", digest))
                .resolve(Layout.LINK);
        Files.delete(link);
        return link;
    }

    /** Has a run enumerate; how many manifests it reads. */
    private int readsOf(String id) throws Exception {
        var reads = new AtomicInteger();
        server.faults(request -> {
            if (request.operation().equals("GetObject") && request.path().contains("/blobs/")) {
                reads.incrementAndGet();
            }
            return Optional.empty();
        });
        var run = new RunId(id);
        try (Producer<String, byte[]> producer = cluster.producer()) {
            producer.send(RunPublisher.record(
                            cluster.topics(),
                            new RunRecord.Requested(run, 0, new Options(0, true, false), 75, "test", null, null, null)))
                    .get();
        }
        await(
                id + " to be enumerated",
                () -> service.runs()
                        .latest()
                        .filter(latest -> latest.id().equals(run))
                        .filter(latest -> latest.state() != Run.State.REQUESTED)
                        .isPresent());
        assertThat(service.runs().latest().orElseThrow().state()).isEqualTo(Run.State.ENUMERATED);
        return reads.get();
    }

    /** All that is in the topic: the digest, and the run that tells of it. */
    private List<String> told() {
        var partition = new TopicPartition(cluster.topics().knownManifests(), 0);
        List<String> told = new ArrayList<>();
        try (Consumer<String, Parsed<KnownManifest>> consumer = cluster.reader(KnownManifest.class)) {
            consumer.assign(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<String, Parsed<KnownManifest>> record : consumer.poll(Duration.ofMillis(100))) {
                    told.add(record.key() + " "
                            + (Parsed.of(record.value()) instanceof Parsed.Readable<KnownManifest>(KnownManifest known)
                                    ? known.run()
                                    : "forgotten"));
                }
            }
        }
        return told;
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
