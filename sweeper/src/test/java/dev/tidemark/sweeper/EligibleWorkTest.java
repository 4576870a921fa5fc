package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.worker.ClockReading;
import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Approved;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.RunRecord.Waiting;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.DefaultLocale;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One partition of {@code eligible}, worked off as Kafka would have it worked off. */
class EligibleWorkTest {

    private static final Topics TOPICS = new Topics("t.", 2);
    private static final Cluster CLUSTER = new Cluster(Map.of(), TOPICS);
    private static final RunId RUN = new RunId("20260101-000000");
    private static final RunId LATER = new RunId("20260101-000001");
    private static final long CUTOFF = Instant.now().minus(Duration.ofDays(1)).toEpochMilli();

    @TempDir
    private Path directory;

    private final FakeLane lane = new FakeLane(0);
    private final SweeperMeter meter = new SweeperMeter();
    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private String image;
    private String orphan;

    @BeforeEach
    void anOldRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("app");
        image = app.image("image");
        orphan = registry.blob("orphan");
        registry.age(Duration.ofDays(2));
    }

    @Test
    void sweepsARunThatMayBeSwept() throws InterruptedException {
        var work = work(new FakeRuns(decided(RUN)), "");

        on(work, manifest(image), 7);
        on(work, blob(RUN, image), 8);
        on(work, blob(RUN, orphan), 9);
        on(work, new EndOfEligible(RUN, 0, 3, Checksum.NONE), 10);

        assertThat(app.revision(image)).doesNotExist();
        assertThat(registry.data(image)).doesNotExist();
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(deletions())
                .extracting(DeletionRecord::outcome)
                .containsOnly(Outcome.DELETED)
                .hasSize(3);
        assertThat(lane.sent)
                .filteredOn(record -> record.topic().equals(TOPICS.deletions()))
                .allSatisfy(record -> {
                    assertThat(record.partition()).isZero();
                    assertThat(record.key()).isIn(image, orphan);
                });
        assertThat(said())
                .containsExactly(new Swept(
                        RUN,
                        0,
                        2,
                        new Sweep(
                                Map.of(Kind.MANIFEST, new Tally(1, 0), Kind.BLOB, new Tally(2, 20)),
                                0,
                                Map.of(),
                                Map.of()),
                        checksumOfDeletions(),
                        null));
        assertThat(meter.done()).isEqualTo(3);
        assertThat(meter.bytesFreed()).isEqualTo(20);
    }

    @Test
    void saysWhoLetARunGoThatTheBreakerHeld() throws InterruptedException {
        List<RunRecord> held = new ArrayList<>(decided(RUN));
        held.set(0, requested(RUN, 10));
        held.add(new RunRecord.Approved(RUN, "somebody"));
        held.add(new RunRecord.Approved(RUN, "somebody else"));
        var work = work(new FakeRuns(held), "");

        on(work, blob(RUN, orphan), 7);
        on(work, new EndOfEligible(RUN, 0, 1, Checksum.NONE), 8);

        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Swept.class, swept -> assertThat(swept.approvedBy()).isEqualTo("somebody"));
    }

    @Test
    void saysUpToWhereItGoesBeforeItDeletesAnything() throws InterruptedException {
        var work = work(new FakeRuns(decided(RUN)), "");
        List<PartitionProgress> committed = new ArrayList<>();
        lane.onCommit = () -> {
            committed.add(PartitionProgress.resume(work.metadata()).orElseThrow());
            assertThat(registry.data(orphan)).exists();
        };

        on(work, blob(RUN, orphan), 7);
        assertThat(committed).singleElement().satisfies(saved -> {
            assertThat(saved.run()).isEqualTo(RUN);
            assertThat(saved.records()).isZero();
            assertThat(saved.until()).isGreaterThan(7);
        });
        long until = committed.getFirst().until();

        on(work, blob(RUN, image), until - 1);
        assertThat(committed).hasSize(1);

        registry.blob("orphan");
        on(work, layer(image), until);
        assertThat(committed).hasSize(2);
        assertThat(committed.getLast().records()).isEqualTo(2);
        assertThat(committed.getLast().until()).isGreaterThan(until);
    }

    @Test
    void waitsUntilTheRunMayBeSwept() throws InterruptedException {
        var runs = new FakeRuns(List.of());
        decided(RUN).forEach(runs::comes);
        Map<String, String> before = registry.snapshot();
        lane.onCommit = () -> assertThat(runs.allCame()).isTrue();

        on(work(runs, ""), blob(RUN, orphan), 0);

        assertThat(runs.allCame()).isTrue();
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(registry.snapshot()).isNotEqualTo(before);
    }

    @Test
    void whoeverGivesThePartitionBackWhileItWaitsHasDoneNothing() {
        Map<String, String> before = registry.snapshot();
        for (int known = 0; known < decided(RUN).size(); known++) {
            var work = work(new FakeRuns(decided(RUN).subList(0, known)), "");
            assertThatExceptionOfType(LaneStoppedException.class).isThrownBy(() -> on(work, blob(RUN, orphan), 0));
            assertThat(work.metadata()).isEmpty();
        }
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(lane.sent).isEmpty();
    }

    @Test
    void sweepsNothingOfARunThatIsOver() throws InterruptedException {
        Map<String, String> before = registry.snapshot();
        for (RunRecord end : List.of(
                new Failed(RUN, "marker", "test"),
                new Cancelled(RUN, "test"),
                requested(LATER, 100),
                new Swept(RUN, 1, 2, Sweep.NONE, Checksum.NONE, null))) {
            var runs = new FakeRuns(decided(RUN));
            if (end instanceof Swept) {
                runs.add(new Swept(RUN, 0, 2, Sweep.NONE, Checksum.NONE, null));
            }
            runs.add(end);
            var work = work(runs, "");

            on(work, manifest(image), 0);
            on(work, blob(RUN, orphan), 1);
            on(work, new EndOfEligible(RUN, 0, 2, Checksum.NONE), 2);

            assertThat(work.metadata()).isEmpty();
        }
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(lane.sent).isEmpty();
        assertThat(lane.commits).isZero();
    }

    @Test
    void stopsInTheMiddleOfARunThatEnds() throws InterruptedException {
        var runs = new FakeRuns(decided(RUN));
        var work = work(runs, "");
        on(work, blob(RUN, orphan), 0);

        runs.add(new Cancelled(RUN, "test"));
        on(work, blob(RUN, image), 1);
        on(work, new EndOfEligible(RUN, 0, 2, Checksum.NONE), 2);

        assertThat(registry.data(image)).exists();
        assertThat(deletions()).hasSize(1);
        assertThat(said()).isEmpty();
    }

    /** The second look takes minutes, and to say what is begun may wait for Kafka. */
    @Test
    void sweepsNothingOfARunThatEndsWhileItIsLookedAtAgain() throws InterruptedException {
        for (RunRecord end :
                List.of(new Cancelled(RUN, "test"), new Failed(RUN, "marker", "test"), requested(LATER, 100))) {
            var runs = new FakeRuns(decided(RUN));
            lane.onCommit = () -> runs.add(end);

            on(work(runs, ""), blob(RUN, orphan), 0);

            assertThat(registry.data(orphan)).exists();
            assertThat(lane.sent).isEmpty();
        }
    }

    @Test
    void looksAgainWhenItsLookHasGrownOld() throws InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        var now = new AtomicReference<>(new ClockReading(0, 0));
        var look = new SharedLook(storage, now::get);
        on(new EligibleWork(CLUSTER, new FakeRuns(decided(RUN)), storage, look, meter, ""), manifest(image), 0);
        String pushed = app.image(RegistryOnDisk.OCI_IMAGE, orphan);

        now.set(new ClockReading(Duration.ofMinutes(20).toNanos(), 0));
        on(new EligibleWork(CLUSTER, new FakeRuns(decided(RUN)), storage, look, meter, ""), blob(RUN, orphan), 1);

        assertThat(app.revision(pushed)).exists();
        assertThat(deletions().getLast().why()).isEqualTo(WhyKept.RESCUED);
        assertThat(registry.data(orphan)).exists();
    }

    @Test
    void aLookCountsForNobodyIfWhoeverTookItWasToStopMeanwhile() throws InterruptedException {
        var asked = new AtomicInteger();
        var look = new SharedLook(FilesystemStorage.open(registry.root()), () -> {
            lane.stopped = asked.incrementAndGet() == 2;
            return new ClockReading(0, 0);
        });
        Run run = new FakeRuns(decided(RUN)).latest().orElseThrow();

        assertThatExceptionOfType(LaneStoppedException.class).isThrownBy(() -> look.rescued(run, lane));
        look.rescued(run, lane);

        assertThat(asked)
                .as("the time, at the beginning and the end of each look")
                .hasValue(4);
    }

    @Test
    void holdsARunThatTheBreakerStopsUntilItIsApproved() throws InterruptedException {
        var runs = new FakeRuns(List.of(requested(RUN, 10), enumerated(2), decides(RUN, 0), decides(RUN, 1)));
        Map<String, String> before = registry.snapshot();
        lane.onCommit = () -> {
            if (said().size() == 1 && runs.allCame()) {
                assertThat(registry.snapshot()).isEqualTo(before);
                runs.comes(said().getFirst());
                runs.comes(new Approved(RUN, "operator"));
            }
        };

        on(work(runs, ""), blob(RUN, orphan), 0);

        assertThat(said()).singleElement().isInstanceOfSatisfying(Waiting.class, waiting -> {
            assertThat(waiting.run()).isEqualTo(RUN);
            assertThat(waiting.why()).contains("50.0 %", "10 %");
        });
        assertThat(registry.data(orphan)).doesNotExist();
    }

    @Test
    void saysWhyARunWaitsInTheSameWordsInEveryLocale() {
        for (String locale : List.of(DefaultLocale.GERMAN, DefaultLocale.ARABIC)) {
            var runs = new FakeRuns(List.of(requested(RUN, 10), enumerated(2), decides(RUN, 0), decides(RUN, 1)));
            try (var abroad = DefaultLocale.of(locale)) {
                assertThatExceptionOfType(LaneStoppedException.class)
                        .isThrownBy(() -> work(runs, "").on(record(blob(RUN, orphan), 0), lane));
            }
        }

        assertThat(said())
                .hasSize(2)
                .allSatisfy(waits -> assertThat(((Waiting) waits).why())
                        .isEqualTo("50.0 % of the blobs are eligible, by number or by bytes, and the circuit "
                                + "breaker lets 10 % pass"));
    }

    @Test
    void onlyOnePartitionSpeaksForAll() {
        var held = new FakeRuns(List.of(requested(RUN, 10), enumerated(2), decides(RUN, 0), decides(RUN, 1)));
        var wrong = new FakeRuns(List.of(requested(RUN, 100), enumerated(3), decides(RUN, 0), decides(RUN, 1)));
        var other = new FakeLane(1);

        for (FakeRuns runs : List.of(held, wrong)) {
            assertThatExceptionOfType(LaneStoppedException.class)
                    .isThrownBy(() -> work(runs, "").on(record(blob(RUN, orphan), 0), other));
        }

        assertThat(other.sent).isEmpty();
        assertThat(registry.data(orphan)).exists();
    }

    @Test
    void failsARunThatDoesNotAddUp() throws InterruptedException {
        var runs = new FakeRuns(
                List.of(requested(RUN, 100), enumerated(3), decides(RUN, 0), decides(RUN, 1), new Approved(RUN, "me")));
        lane.onCommit = () -> runs.comes(said().getLast());

        on(work(runs, ""), blob(RUN, orphan), 0);

        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.why()).contains("3 blobs were enumerated and 2"));
        assertThat(registry.data(orphan)).exists();
    }

    @Test
    void whatIsGoneAmongTheRecordsThatMayHaveBeenBegunWasDeleted() throws InterruptedException {
        String metadata = begunUpTo(100);
        RegistryOnDisk.remove(registry.blobDirectory(orphan));
        RegistryOnDisk.remove(registry.blobDirectory(image));
        var work = work(new FakeRuns(decided(RUN)), metadata);
        long until = PartitionProgress.resume(metadata).orElseThrow().until();

        on(work, blob(RUN, orphan), until - 1);
        assertThat(lane.commits).as("it is said already").isZero();
        on(work, blob(RUN, image), until);

        assertThat(deletions())
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.DELETED, Outcome.ALREADY_GONE);
        assertThat(deletions()).extracting(DeletionRecord::bytes).containsExactly(10L, 0L);
    }

    @Test
    void whatAnEarlierRunMayHaveBegunIsNoneOfTheNext() throws InterruptedException {
        String metadata = begunUpTo(100);
        RegistryOnDisk.remove(registry.blobDirectory(orphan));
        var work = work(new FakeRuns(decided(LATER)), metadata);

        on(work, blob(LATER, orphan), 101);
        on(work, new EndOfEligible(LATER, 0, 1, Checksum.NONE), 102);

        assertThat(deletions()).singleElement().returns(Outcome.ALREADY_GONE, DeletionRecord::outcome);
        assertThat(said())
                .containsExactly(new Swept(
                        LATER, 0, 2, new Sweep(Map.of(), 1, Map.of(), Map.of()), checksumOfDeletions(), null));
    }

    @Test
    void goesOnWithWhatWasDoneBefore() throws InterruptedException {
        var first = work(new FakeRuns(decided(RUN)), "");
        on(first, blob(RUN, orphan), 0);

        var second = work(new FakeRuns(decided(RUN)), first.metadata());
        on(second, manifest(image), 1);
        on(second, new EndOfEligible(RUN, 0, 2, Checksum.NONE), 2);

        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Swept.class,
                        swept -> assertThat(swept.sweep().deletions()).isEqualTo(2));
    }

    @Test
    void aBlobStaysWhoseManifestWasSparedBeforeTheTakeover() throws InterruptedException {
        RegistryOnDisk.age(app.revision(image), Duration.ZERO);
        var first = work(new FakeRuns(decided(RUN)), "");
        on(first, manifest(image), 0);

        on(work(new FakeRuns(decided(RUN)), first.metadata()), blob(RUN, image), 1);

        assertThat(deletions()).extracting(DeletionRecord::outcome).containsExactly(Outcome.SPARED, Outcome.SPARED);
        assertThat(registry.data(image)).exists();
    }

    @Test
    void tidiesUpBehindACutOffTryOfARunThatHasEndedAndOnlyThere() throws IOException, InterruptedException {
        String metadata = begunUpTo(100);
        long until = PartitionProgress.resume(metadata).orElseThrow().until();
        Files.delete(registry.data(orphan));
        Files.delete(registry.data(image));
        var runs = new FakeRuns(decided(RUN));
        runs.add(new Cancelled(RUN, "test"));
        var work = work(runs, metadata);

        on(work, blob(RUN, orphan), 100);
        on(work, blob(RUN, image), until);
        on(work, manifest(image), 101);

        assertThat(registry.blobDirectory(orphan)).doesNotExist();
        assertThat(registry.blobDirectory(image)).isEmptyDirectory();
        assertThat(app.revision(image)).exists();
        assertThat(lane.sent).isEmpty();
    }

    @Test
    void anotherNumberOfRecordsThanTheMarkerWroteFailsTheRun() throws InterruptedException {
        var work = work(new FakeRuns(decided(RUN)), "");

        on(work, blob(RUN, orphan), 0);
        on(work, new EndOfEligible(RUN, 0, 2, Checksum.NONE), 1);

        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.why()).contains("t.eligible has 1 record, and the marker wrote 2"));
    }

    @Test
    void sweepsNothingWhenTheStorageCannotBeLookedAtAgain() throws IOException, InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        var runs = new FakeRuns(decided(RUN));
        var work = new EligibleWork(CLUSTER, runs, storage, new SharedLook(storage), meter, "");
        Files.move(registry.base(), directory.resolve("unmounted"));
        lane.onCommit = () -> {
            // A record of another partition comes first, and the storage is there again meanwhile.
            runs.comes(new Swept(RUN, 1, 2, Sweep.NONE, Checksum.NONE, null));
            runs.comes(said().getLast());
            mount();
        };

        on(work, manifest(image), 0);
        lane.onCommit = () -> {};
        on(work, blob(RUN, image), 1);
        on(work, new EndOfEligible(RUN, 0, 2, Checksum.NONE), 2);

        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.why()).contains("is not there any more"));
        assertThat(deletions()).isEmpty();
        assertThat(registry.data(image)).exists();
        assertThat(app.revision(image)).exists();
    }

    @Test
    void whoTakesOverAfterAStorageThatDidNotAnswerKeepsTheBlobOfWhatWasPassedOver()
            throws IOException, InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        var first = new EligibleWork(CLUSTER, new FakeRuns(decided(RUN)), storage, new SharedLook(storage), meter, "");
        Files.move(registry.base(), directory.resolve("unmounted"));
        on(first, manifest(image), 0);
        mount();

        // That the run has failed is not known here yet.
        on(work(new FakeRuns(decided(RUN)), first.metadata()), blob(RUN, image), 1);

        assertThat(said()).singleElement().isInstanceOf(Failed.class);
        assertThat(deletions()).singleElement().returns(WhyKept.STILL_NAMED, DeletionRecord::why);
        assertThat(registry.data(image)).exists();
    }

    @Test
    void aRecordThatIsGivenUpFailsTheRunAndKeepsItsBlob() throws InterruptedException {
        var work = work(new FakeRuns(decided(RUN)), "");

        work.givenUp(record(manifest(image), 0), new IllegalStateException("out of luck"), lane);
        // That the run has failed is not known here yet.
        on(work, blob(RUN, image), 1);
        on(work(new FakeRuns(decided(RUN)), work.metadata()), blob(RUN, image), 1);
        on(work, blob(RUN, orphan), 2);

        assertThat(said()).containsExactly(new Failed(RUN, "sweeper", "out of luck"));
        assertThat(registry.data(image)).exists();
        assertThat(deletions())
                .filteredOn(deletion -> deletion.digest().toString().equals(image))
                .allSatisfy(deletion -> assertThat(deletion.why()).isEqualTo(WhyKept.STILL_NAMED));
    }

    private void mount() {
        try {
            if (Files.notExists(registry.base())) {
                Files.move(directory.resolve("unmounted"), registry.base());
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private EligibleWork work(Runs runs, String metadata) {
        var storage = FilesystemStorage.open(registry.root());
        return new EligibleWork(CLUSTER, runs, storage, new SharedLook(storage), meter, metadata);
    }

    private void on(EligibleWork work, EligibleRecord record, long offset) throws InterruptedException {
        work.on(record(record, offset), lane);
    }

    private static ConsumerRecord<String, EligibleRecord> record(EligibleRecord record, long offset) {
        return new ConsumerRecord<>(TOPICS.eligible(), 0, offset, null, record);
    }

    /** The progress of a sweeper of {@link #RUN} that was cut off after it saved that it begins there. */
    private static String begunUpTo(long offset) {
        PartitionProgress progress = PartitionProgress.begin(RUN);
        progress.reachTo(offset);
        return progress.metadata();
    }

    private List<DeletionRecord> deletions() {
        return lane.sent(TOPICS.deletions(), DeletionRecord.class);
    }

    private Checksum checksumOfDeletions() {
        return lane.sent.stream()
                .filter(record -> record.topic().equals(TOPICS.deletions()))
                .map(record -> Checksum.of(record.value()))
                .reduce(Checksum.NONE, Checksum::plus);
    }

    private List<RunRecord> said() {
        return lane.sent(TOPICS.runs(), RunRecord.class);
    }

    /** A run that may be swept: half of its two blobs are eligible. */
    private static List<RunRecord> decided(RunId run) {
        return List.of(requested(run, 100), enumerated(run, 2), decides(run, 0), decides(run, 1));
    }

    private static Requested requested(RunId run, int maxDelete) {
        return new Requested(run, 0, new Options(CUTOFF, true, false), maxDelete, "test", null);
    }

    private static Enumerated enumerated(long blobs) {
        return enumerated(RUN, blobs);
    }

    private static Enumerated enumerated(RunId run, long blobs) {
        return new Enumerated(run, "registry", 1, 1, 1, 1, blobs, 20, null, null);
    }

    private static Decided decides(RunId run, int partition) {
        Tally one = new Tally(1, 10);
        Tally live = partition == 0 ? one : Tally.NONE;
        Tally eligible = partition == 0 ? Tally.NONE : one;
        return new Decided(
                run, partition, 2, 1, new Totals(live, eligible, Map.of(), 0, 0, 0, 0, Map.of(), 0, List.of()));
    }

    private static Eligible manifest(String digest) {
        return new Eligible(RUN, Kind.MANIFEST, Digest.parse(digest), "app", 0, "test", 0, List.of(), RUN);
    }

    private static Eligible layer(String digest) {
        return new Eligible(RUN, Kind.LAYER, Digest.parse(digest), "app", 0, "test", 0, List.of(), RUN);
    }

    private static Eligible blob(RunId run, String digest) {
        return new Eligible(run, Kind.BLOB, Digest.parse(digest), null, 10, "test", 0, List.of(), run);
    }
}
