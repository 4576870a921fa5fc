package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.kafka.worker.ClockReading;
import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.ForgetfulCache;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.order.PartitionProgress;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.sweeper.permission.EnumeratedStorage;
import dev.tidemark.sweeper.permission.Proof;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** One partition of {@code eligible}: it is looked at again, swept, recorded and added up. */
class EligibleWorkTest extends EligiblePartition {

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
                        null,
                        null));
        assertThat(meter.done()).isEqualTo(3);
        assertThat(meter.bytesFreed()).isEqualTo(20);
    }

    @Test
    void endsARunWithWhatItDidWhenTheRegistrysCacheIsLost() throws InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        var runs = new FakeRuns(decided(RUN));
        var cache = new ForgetfulCache(gone -> {
            runs.comes(new Failed(RUN, SweeperService.NAME, "test"));
            throw new CacheException("the cache is lost", null);
        });
        var work = new EligibleWork(
                CLUSTER,
                runs,
                storage,
                new EnumeratedStorage(storage, NOTHING),
                TrashRetention.NONE,
                new SharedLook(
                        storage, run -> cache.check(), () -> NO_HOLDS, NO_PULLS, NO_REFERRERS, ClockReading::now),
                new CachePurge(Optional.of(cache)),
                PROVED,
                meter,
                "");

        on(work, manifest(image), 0);

        assertThat(app.revision(image)).doesNotExist();
        assertThat(deletions()).singleElement().returns(Outcome.DELETED, DeletionRecord::outcome);
        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.why()).startsWith("the cache is lost (cache: stale; "));
    }

    @Test
    void sweepsNothingWhenTheRegistrysCacheDoesNotAnswer() throws InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        var runs = new FakeRuns(decided(RUN));
        Map<String, String> before = registry.snapshot();
        var look = new SharedLook(
                storage,
                run -> {
                    runs.comes(new Failed(RUN, SweeperService.NAME, "test"));
                    throw new CacheException("the cache does not answer", null);
                },
                () -> NO_HOLDS,
                NO_PULLS,
                NO_REFERRERS,
                ClockReading::now);

        on(sweeper(runs, storage, TrashRetention.NONE, look), blob(RUN, orphan), 0);

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(deletions()).isEmpty();
        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.why()).isEqualTo("the cache does not answer"));
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
    void nothingIsDeletedIfItIsNotKnownWhatIsHeld() throws InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        var runs = new FakeRuns(decided(RUN));
        var look = new SharedLook(
                storage,
                run -> {},
                () -> {
                    runs.comes(new Failed(RUN, SweeperService.NAME, "test"));
                    throw StorageException.settled("the holds can't be read", null);
                },
                NO_PULLS,
                NO_REFERRERS,
                ClockReading::now);

        on(sweeper(runs, storage, TrashRetention.NONE, look), blob(RUN, orphan), 0);

        assertThat(registry.data(orphan)).exists();
        assertThat(deletions()).isEmpty();
    }

    @Test
    void nothingIsDeletedIfItIsNotKnownWhatRefersToWhatIsPushedAgain() throws InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        var runs = new FakeRuns(decided(RUN));
        app.image("pushed again");
        var look = new SharedLook(
                storage,
                run -> {},
                () -> NO_HOLDS,
                NO_PULLS,
                (run, subjects, goingOn) -> {
                    runs.comes(new Failed(RUN, SweeperService.NAME, "test"));
                    throw StorageException.settled("the manifests are not all there", null);
                },
                ClockReading::now);

        on(sweeper(runs, storage, TrashRetention.NONE, look), blob(RUN, orphan), 0);

        assertThat(registry.data(orphan)).exists();
        assertThat(deletions()).isEmpty();
    }

    @Test
    void whatGoesToTheTrashSaysHowLongItIsKept() throws InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        Duration day = Duration.ofDays(1);
        var look = new SharedLook(
                storage,
                run -> storage.trash().orElseThrow().prepare(run, day),
                () -> NO_HOLDS,
                NO_PULLS,
                NO_REFERRERS,
                ClockReading::now);
        on(
                sweeper(
                        new FakeRuns(decided(RUN)),
                        storage,
                        new TrashRetention(Optional.of(day), Duration.ZERO, false),
                        look),
                blob(RUN, orphan),
                0);

        assertThat(deletions()).singleElement().returns(day.toMillis(), DeletionRecord::keep);
        assertThat(storage.trash().orElseThrow().runs()).containsExactly(RUN);
    }

    /** An undo of the run has brought back what was there, and has ended the trash. */
    @Test
    void whatIsSweptAfterItsTrashHasEndedIsKeptForAsLong() throws InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        Trash trash = storage.trash().orElseThrow();
        Duration week = Duration.ofDays(7);
        var work = sweeper(
                new FakeRuns(decided(RUN)),
                storage,
                new TrashRetention(Optional.of(week), Duration.ZERO, false),
                new SharedLook(
                        storage,
                        run -> trash.prepare(run, week),
                        () -> NO_HOLDS,
                        NO_PULLS,
                        NO_REFERRERS,
                        ClockReading::now));
        on(work, manifest(image), 0);
        List<Trashed> files = new ArrayList<>();
        trash.files(RUN, files::add);
        assertThat(files).isNotEmpty();
        files.forEach(file -> trash.restore(RUN, file.path()));
        trash.end(RUN);
        assertThat(trash.runs()).isEmpty();

        on(work, blob(RUN, orphan), 1);

        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(trash.terms(RUN).keep()).isEqualTo(week);
    }

    @Test
    void looksAgainWhenItsLookHasGrownOld() throws InterruptedException {
        var storage = FilesystemStorage.open(registry.root());
        var now = new AtomicReference<>(new ClockReading(0, 0));
        var look = new SharedLook(storage, run -> {}, () -> NO_HOLDS, NO_PULLS, NO_REFERRERS, now::get);
        on(sweeper(new FakeRuns(decided(RUN)), storage, TrashRetention.NONE, look), manifest(image), 0);
        String pushed = app.image(RegistryOnDisk.OCI_IMAGE, orphan);

        now.set(new ClockReading(Duration.ofMinutes(20).toNanos(), 0));
        on(sweeper(new FakeRuns(decided(RUN)), storage, TrashRetention.NONE, look), blob(RUN, orphan), 1);

        assertThat(app.revision(pushed)).exists();
        assertThat(deletions().getLast().why()).isEqualTo(WhyKept.RESCUED);
        assertThat(registry.data(orphan)).exists();
    }

    @Test
    void aLookIsNotSharedIfItsLaneWasToStopMeanwhile() throws InterruptedException {
        var asked = new AtomicInteger();
        var look = new SharedLook(
                FilesystemStorage.open(registry.root()), run -> {}, () -> NO_HOLDS, NO_PULLS, NO_REFERRERS, () -> {
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
    void aRecordOfARunThatNobodyAskedForIsSetAsideAndBlocksNothing() throws InterruptedException {
        var future = new RunId("20991231-000000");
        var work = work(new FakeRuns(decided(RUN)), "");

        on(work, blob(future, image), 0);
        on(work, new EndOfEligible(future, 0, 1, Checksum.NONE), 1);
        on(work, blob(RUN, orphan), 2);

        assertThat(registry.data(image)).exists();
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(lane.sent(TOPICS.rejected(), EligibleRecord.class))
                .containsExactly(blob(future, image), new EndOfEligible(future, 0, 1, Checksum.NONE));
        assertThat(said()).as("it is no fault of the run under way").isEmpty();
    }

    @Test
    void sweepsNothingWhereOtherRecordsAreThanTheMarkersAre() throws InterruptedException {
        Map<String, String> before = registry.snapshot();
        Proof proof = (run, partition, from, stop) -> {
            assertThat(from).isEqualTo(7);
            throw new IllegalStateException("who else may write there?");
        };
        var runs = new FakeRuns(decided(RUN));
        lane.onCommit = () -> said().forEach(runs::comes);

        on(work(runs, proof, ""), blob(RUN, image), 7);

        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(said()).containsExactly(new Failed(RUN, "sweeper", "who else may write there?"));
        assertThat(deletions()).isEmpty();
    }

    @Test
    void aRecordAfterTheRunsLastOneIsSetAside() throws InterruptedException {
        Proof upTo = (run, partition, from, stop) -> OptionalLong.of(8);
        var first = work(new FakeRuns(decided(RUN)), upTo, "");
        on(first, blob(RUN, orphan), 7);
        on(first, new EndOfEligible(RUN, 0, 1, Checksum.NONE), 8);

        on(first, blob(RUN, image), 9);
        on(work(new FakeRuns(decided(RUN)), upTo, first.metadata()), blob(RUN, image), 10);

        assertThat(registry.data(image)).exists();
        assertThat(lane.sent(TOPICS.rejected(), EligibleRecord.class))
                .containsExactly(blob(RUN, image), blob(RUN, image));
    }

    @Test
    void aRunThatEndsWhileItsRecordsAreReadAheadIsNotSwept() throws InterruptedException {
        var runs = new FakeRuns(decided(RUN));
        Proof proof = (run, partition, from, stop) -> {
            runs.add(new RunRecord.Cancelled(RUN, "test"));
            assertThat(stop.getAsBoolean()).isTrue();
            return OptionalLong.empty();
        };

        on(work(runs, proof, ""), blob(RUN, orphan), 0);

        assertThat(registry.data(orphan)).exists();
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
        var work = sweeper(
                runs,
                storage,
                TrashRetention.NONE,
                new SharedLook(storage, run -> {}, () -> NO_HOLDS, NO_PULLS, NO_REFERRERS, ClockReading::now));
        Files.move(registry.base(), directory.resolve("unmounted"));
        lane.onCommit = () -> {
            // A record of another partition comes first, and the storage is there again meanwhile.
            runs.comes(new Swept(RUN, 1, 2, Sweep.NONE, Checksum.NONE, null, null));
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
    void sweepsNothingWhenTheTrashCannotBeAskedFor() throws InterruptedException {
        var storage = new Watched(FilesystemStorage.open(registry.root()));
        var runs = new FakeRuns(decided(RUN));
        storage.beforeTrash = () -> {
            throw new StorageException("the bucket does not say whether it has versions");
        };
        lane.onCommit = () -> runs.comes(said().getLast());

        on(
                sweeper(
                        runs,
                        storage,
                        new TrashRetention(Optional.of(Duration.ofDays(1)), Duration.ZERO, false),
                        new SharedLook(storage, run -> {}, () -> NO_HOLDS, NO_PULLS, NO_REFERRERS, ClockReading::now)),
                blob(RUN, orphan),
                0);

        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.why()).contains("does not say whether it has versions"));
        assertThat(deletions()).isEmpty();
        assertThat(registry.data(orphan)).exists();
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

    /** Work on what the marker has proved, of a registry without a cache. */
    private EligibleWork sweeper(FakeRuns runs, Storage storage, TrashRetention retention, SharedLook look) {
        var enumerated = new EnumeratedStorage(storage, NOTHING);
        return new EligibleWork(CLUSTER, runs, storage, enumerated, retention, look, NO_CACHE, PROVED, meter, "");
    }
}
