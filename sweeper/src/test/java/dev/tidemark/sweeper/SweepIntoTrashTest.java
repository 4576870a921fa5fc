package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.worker.ClockReading;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.trash.TrashRetention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A partition of {@code eligible} that is swept into the trash. */
class SweepIntoTrashTest extends EligiblePartition {

    @Test
    void aRecordOfAFileInTheTrashSaysHowLongItIsKept() throws InterruptedException {
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
    void aFileThatIsSweptAfterItsTrashHasEndedIsKeptForAsLong() throws InterruptedException {
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
}
