package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.sweeper.order.PartitionProgress;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A partition of {@code eligible} goes on where another sweeper was cut off. */
class TakeoverTest extends EligiblePartition {

    @Test
    void aBlobThatIsGoneCountsAsDeletedIfItsDeletionMayHaveBegun() throws InterruptedException {
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
    void aDeletionThatAnEarlierRunMayHaveBegunIsNoneOfTheNext() throws InterruptedException {
        String metadata = begunUpTo(100);
        RegistryOnDisk.remove(registry.blobDirectory(orphan));
        var work = work(new FakeRuns(decided(LATER)), metadata);

        on(work, blob(LATER, orphan), 101);
        on(work, new EndOfEligible(LATER, 0, 1, Checksum.NONE), 102);

        assertThat(deletions()).singleElement().returns(Outcome.ALREADY_GONE, DeletionRecord::outcome);
        assertThat(said())
                .containsExactly(new Swept(
                        LATER, 0, 2, new Sweep(Map.of(), 1, Map.of(), Map.of()), checksumOfDeletions(), null, null));
    }

    @Test
    void theTotalsGoOnFromTheFirstTry() throws InterruptedException {
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
    void onlyACutOffTryOfARunThatHasEndedIsTidiedUp() throws IOException, InterruptedException {
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
    void aBlobStaysWhoseManifestWasPassedOverWhileTheStorageDidNotAnswer() throws IOException, InterruptedException {
        var first = work(new FakeRuns(decided(RUN)), "");
        Files.move(registry.base(), directory.resolve("unmounted"));
        on(first, manifest(image), 0);
        mount();

        // That the run has failed is not known here yet.
        on(work(new FakeRuns(decided(RUN)), first.metadata()), blob(RUN, image), 1);

        assertThat(said()).singleElement().isInstanceOf(Failed.class);
        assertThat(deletions()).singleElement().returns(WhyKept.STILL_NAMED, DeletionRecord::why);
        assertThat(registry.data(image)).exists();
    }

    /** What a sweeper of {@link #RUN} has saved that was cut off after it said that it begins there. */
    private static String begunUpTo(long offset) {
        PartitionProgress progress = PartitionProgress.begin(RUN);
        progress.reachTo(offset);
        return progress.metadata();
    }
}
