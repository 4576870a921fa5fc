package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.kafka.worker.ClockReading;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.sweeper.permission.EnumeratedStorage;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.testkit.RegistryOnDisk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sweeper that is stopped in the middle of a batch, and goes on after longer than its claim holds. */
class StandStillTest extends EligiblePartition {

    private static final ProducerFencedException LOST = new ProducerFencedException("another has it");
    private final FakeRuns runs = new FakeRuns(decided(RUN));
    private final AtomicReference<ClockReading> now = new AtomicReference<>(new ClockReading(0, 0));
    private final List<String> orphans = new ArrayList<>();
    private Watched storage;
    private EligibleWork work;

    @BeforeEach
    void fourOrphans() {
        for (int i = 0; i < 4; i++) {
            orphans.add(registry.blob("orphan " + i));
        }
        registry.age(Duration.ofDays(2));
        storage = new Watched(FilesystemStorage.open(registry.root()));
        work = new EligibleWork(
                CLUSTER,
                runs,
                storage,
                new EnumeratedStorage(storage, NOTHING),
                TrashRetention.NONE,
                new SharedLook(storage, run -> {}, () -> NO_HOLDS, NO_PULLS, NO_REFERRERS, now::get),
                new CachePurge(Optional.empty()),
                PROVED,
                new SweeperMeter(),
                "");
    }

    @Test
    void withoutItsClaimItDeletesNothingMore() {
        standStillAfter(1, () -> lane.lost = LOST);

        assertThatThrownBy(this::sweep).isSameAs(LOST);

        assertThat(left()).containsExactly(1, 2, 3);
        assertThat(deletions()).isEmpty();
    }

    @Test
    void withoutItsClaimItDeletesNothingThatItHasOnlyLookedAt() {
        storage.beforeLook = path -> {
            if (path.contains(orphans.getLast().substring(7))) {
                lane.standStill();
                lane.lost = LOST;
            }
        };

        assertThatThrownBy(this::sweep).isSameAs(LOST);

        assertThat(left()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void aClaimThatWasNeverProvedIsProvedBeforeTheFirstDeletion() {
        lane.standStill();
        lane.lost = LOST;

        assertThatThrownBy(this::sweep).isSameAs(LOST);

        assertThat(left()).containsExactly(0, 1, 2, 3);
    }

    @Test
    void withItsClaimItLooksAgainAtWhatIsLeft() throws InterruptedException {
        standStillAfter(2, () -> {
            RegistryOnDisk.remove(registry.blobDirectory(orphans.get(2)));
            RegistryOnDisk.age(registry.data(orphans.get(3)), Duration.ZERO);
        });

        sweep();

        assertThat(left()).containsExactly(3);
        // The third was there when it was looked at first, and so may have been deleted by a try that was cut off.
        assertThat(deletions())
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.DELETED, Outcome.DELETED, Outcome.DELETED, Outcome.SPARED);
        assertThat(deletions().getLast().why()).isEqualTo(WhyKept.YOUNG);
        assertThat(lane.proofs).isEqualTo(1);
    }

    /** The clock that nobody sets stands still while a machine is suspended. */
    @Test
    void afterALongTimeItLooksAtAllLinksAgain() throws InterruptedException {
        standStillAfter(1, () -> {
            now.set(new ClockReading(1, Duration.ofHours(1).toMillis()));
            app.image(RegistryOnDisk.OCI_IMAGE, orphans.get(2));
        });

        sweep();

        assertThat(left()).containsExactly(2);
        assertThat(deletions().get(2).why()).isEqualTo(WhyKept.RESCUED);
    }

    @Test
    void aRunThatHasEndedMeanwhileIsSweptNoFurtherAndWhatIsGoneIsRecorded() throws InterruptedException {
        standStillAfter(2, () -> runs.comes(new Cancelled(RUN, "test")));

        sweep();

        assertThat(left()).containsExactly(2, 3);
        assertThat(deletions())
                .extracting(deletion -> deletion.digest().toString())
                .containsExactly(orphans.get(0), orphans.get(1));
        assertThat(deletions()).extracting(DeletionRecord::outcome).containsOnly(Outcome.DELETED);
    }

    @Test
    void aRunThatHasFailedMeanwhileIsSweptNoFurther() throws InterruptedException {
        lane.standStill();
        runs.comes(new Failed(RUN, "marker", "test"));

        sweep();

        assertThat(left()).containsExactly(0, 1, 2, 3);
        assertThat(lane.sent).isEmpty();
    }

    @Test
    void aStorageThatAlwaysTakesLongerThanAClaimIsGivenUp() throws InterruptedException {
        storage.beforeLook = path -> lane.standStill();

        sweep();

        assertThat(left()).containsExactly(0, 1, 2, 3);
        assertThat(deletions()).hasSize(4).allSatisfy(deletion -> {
            assertThat(deletion.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(deletion.why()).isEqualTo(WhyKept.NO_ANSWER);
        });
    }

    @Test
    void aStorageThatTakesLongForEachDeletionIsSweptAllTheSame() throws InterruptedException {
        storage.afterDeletion = path -> lane.standStill();

        sweep();

        assertThat(left()).isEmpty();
        assertThat(deletions())
                .extracting(DeletionRecord::outcome)
                .containsOnly(Outcome.DELETED)
                .hasSize(4);
    }

    @Test
    void aDeletedNameKeepsABlobNoLongerAndASparedOneDoes() throws InterruptedException {
        String one = app.image("one");
        String two = app.image("two");
        registry.age(Duration.ofDays(2));
        RegistryOnDisk.age(app.revision(two), Duration.ZERO);
        standStillAfter(1, () -> {});

        work.on(
                List.of(
                        record(manifest(one), 0),
                        record(blob(RUN, one), 1),
                        record(manifest(two), 2),
                        record(blob(RUN, two), 3)),
                lane);

        assertThat(deletions())
                .extracting(DeletionRecord::outcome)
                .containsExactly(Outcome.DELETED, Outcome.DELETED, Outcome.SPARED, Outcome.SPARED);
        assertThat(registry.data(one)).doesNotExist();
        assertThat(registry.data(two)).exists();
    }

    private void standStillAfter(int deletions, Runnable meanwhile) {
        var left = new int[] {deletions};
        storage.afterDeletion = path -> {
            if (--left[0] == 0) {
                lane.standStill();
                meanwhile.run();
            }
        };
    }

    private void sweep() throws InterruptedException {
        List<ConsumerRecord<String, EligibleRecord>> batch = new ArrayList<>();
        orphans.forEach(orphan -> batch.add(record(blob(RUN, orphan), batch.size())));
        work.on(batch, lane);
    }

    /** Which of the orphans are still there. */
    private List<Integer> left() {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < orphans.size(); i++) {
            if (registry.data(orphans.get(i)).toFile().exists()) {
                left.add(i);
            }
        }
        return left;
    }
}
