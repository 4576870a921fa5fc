package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.worker.ClockReading;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.Witness;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.LatePulls;
import dev.tidemark.sweeper.look.Referrers;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.permission.EnumeratedStorage;
import dev.tidemark.sweeper.permission.Proof;
import dev.tidemark.sweeper.permission.Runs;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** One partition of {@code eligible} over an old registry, worked off as Kafka would have it worked off. */
abstract class EligiblePartition {

    static final Topics TOPICS = new Topics("t.", 2);
    static final Cluster CLUSTER = new Cluster(Map.of(), TOPICS);
    static final CachePurge NO_CACHE = new CachePurge(Optional.empty());
    static final Proof PROVED = (run, partition, from, stop) -> OptionalLong.of(Long.MAX_VALUE);
    static final Holds NO_HOLDS = new Holds(List.of());
    static final LatePulls NO_PULLS = (run, goingOn) -> Set.of();
    static final Referrers NO_REFERRERS = (run, subjects, goingOn) -> Set.of();
    static final EnumeratedStorage.Released NOTHING = (run, blobs, goingOn) -> Set.of();
    static final RunId RUN = new RunId("20260101-000000");
    static final RunId LATER = new RunId("20260101-000001");
    static final long CUTOFF = Instant.now().minus(Duration.ofDays(1)).toEpochMilli();

    @TempDir
    Path directory;

    final FakeLane lane = new FakeLane(0);
    final SweeperMeter meter = new SweeperMeter();
    RegistryOnDisk registry;
    RepositoryOnDisk app;
    String image;
    String orphan;

    @BeforeEach
    void anOldRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("app");
        image = app.image("image");
        orphan = registry.blob("orphan");
        registry.age(Duration.ofDays(2));
    }

    void mount() {
        try {
            if (Files.notExists(registry.base())) {
                Files.move(directory.resolve("unmounted"), registry.base());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    EligibleWork work(Runs runs, String metadata) {
        return work(runs, PROVED, metadata);
    }

    EligibleWork work(Runs runs, Proof proof, String metadata) {
        var storage = FilesystemStorage.open(registry.root());
        return new EligibleWork(
                CLUSTER,
                runs,
                storage,
                new EnumeratedStorage(storage, NOTHING),
                TrashRetention.NONE,
                new SharedLook(storage, run -> {}, () -> NO_HOLDS, NO_PULLS, NO_REFERRERS, ClockReading::now),
                NO_CACHE,
                proof,
                meter,
                metadata);
    }

    /** Work on what the marker has proved, of a registry without a cache. */
    EligibleWork sweeper(FakeRuns runs, Storage storage, TrashRetention retention, SharedLook look) {
        var enumerated = new EnumeratedStorage(storage, NOTHING);
        return new EligibleWork(CLUSTER, runs, storage, enumerated, retention, look, NO_CACHE, PROVED, meter, "");
    }

    void on(EligibleWork work, EligibleRecord record, long offset) throws InterruptedException {
        work.on(record(record, offset), lane);
    }

    static ConsumerRecord<String, EligibleRecord> record(EligibleRecord record, long offset) {
        return new ConsumerRecord<>(TOPICS.eligible(), 0, offset, null, record);
    }

    List<DeletionRecord> deletions() {
        return lane.sent(TOPICS.deletions(), DeletionRecord.class);
    }

    Checksum checksumOfDeletions() {
        return lane.sent.stream()
                .filter(record -> record.topic().equals(TOPICS.deletions()))
                .map(record -> Checksum.of(record.value()))
                .reduce(Checksum.NONE, Checksum::plus);
    }

    List<RunRecord> said() {
        return lane.sent(TOPICS.runs(), RunRecord.class);
    }

    /** A run that may be swept: half of its two blobs are eligible. */
    static List<RunRecord> decided(RunId run) {
        return List.of(requested(run, 100), enumerated(run, 2), decides(run, 0), decides(run, 1));
    }

    static Requested requested(RunId run, int maxDelete) {
        return new Requested(run, 0, new Options(CUTOFF, true, false), maxDelete, "test", null, null, null);
    }

    static Enumerated enumerated(long blobs) {
        return enumerated(RUN, blobs);
    }

    static Enumerated enumerated(RunId run, long blobs) {
        return enumerated(run, blobs, List.of());
    }

    static Enumerated enumerated(RunId run, long blobs, List<Witness> witnesses) {
        return new Enumerated(
                run,
                "registry",
                1,
                1,
                1,
                1,
                blobs,
                20,
                null,
                null,
                0,
                Checksum.NONE,
                DescriptorCache.UNKNOWN,
                null,
                null,
                new Fingerprint(witnesses, CUTOFF),
                OtherFiles.NONE);
    }

    static Decided decides(RunId run, int partition) {
        Tally one = new Tally(1, 10);
        Tally live = partition == 0 ? one : Tally.NONE;
        Tally eligible = partition == 0 ? Tally.NONE : one;
        return new Decided(
                run,
                partition,
                2,
                1,
                new Totals(
                        live,
                        eligible,
                        Map.of(),
                        0,
                        0,
                        0,
                        0,
                        0,
                        Map.of(),
                        0,
                        List.of(),
                        Totals.Unlinked.NONE,
                        Totals.WrongSizes.NONE),
                Checksum.NONE);
    }

    static Eligible manifest(String digest) {
        return new Eligible(RUN, Kind.MANIFEST, Digest.parse(digest), "app", null, 0, "test", 0, List.of(), RUN);
    }

    static Eligible layer(String digest) {
        return new Eligible(RUN, Kind.LAYER, Digest.parse(digest), "app", null, 0, "test", 0, List.of(), RUN);
    }

    static Eligible blob(RunId run, String digest) {
        return new Eligible(run, Kind.BLOB, Digest.parse(digest), null, null, 10, "test", 0, List.of(), run);
    }
}
