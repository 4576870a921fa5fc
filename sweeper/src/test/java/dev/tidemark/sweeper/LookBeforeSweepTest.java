package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.kafka.worker.ClockReading;
import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.ForgetfulCache;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.sweeper.permission.EnumeratedStorage;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The look at a registry before a partition of {@code eligible} is swept: without it nothing is. */
class LookBeforeSweepTest extends EligiblePartition {

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
}
