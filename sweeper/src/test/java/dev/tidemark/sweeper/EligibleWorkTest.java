package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.sweeper.order.PartitionProgress;
import dev.tidemark.sweeper.order.WhyKept;
import dev.tidemark.sweeper.permission.Proof;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** One partition of {@code eligible}: it is swept, recorded and added up. */
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
}
