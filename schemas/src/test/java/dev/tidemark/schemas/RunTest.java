package dev.tidemark.schemas;

import static dev.tidemark.schemas.RunRecords.DRY;
import static dev.tidemark.schemas.RunRecords.EARLIER;
import static dev.tidemark.schemas.RunRecords.ENUMERATED;
import static dev.tidemark.schemas.RunRecords.FAILED;
import static dev.tidemark.schemas.RunRecords.LATER;
import static dev.tidemark.schemas.RunRecords.REQUESTED;
import static dev.tidemark.schemas.RunRecords.RUN;
import static dev.tidemark.schemas.RunRecords.deleting;
import static dev.tidemark.schemas.RunRecords.enumerated;
import static dev.tidemark.schemas.RunRecords.fold;
import static dev.tidemark.schemas.RunRecords.keeping;
import static dev.tidemark.schemas.RunRecords.requested;
import static dev.tidemark.schemas.RunRecords.run;
import static dev.tidemark.schemas.RunRecords.swept;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Run.State;
import dev.tidemark.schemas.RunRecord.Approved;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The latest run, as a reader of the topic {@code runs} knows it. */
class RunTest {

    @Test
    void thereIsNoRunBeforeOneIsRequested() {
        assertThat(fold(ENUMERATED, keeping(0), FAILED)).isEmpty();
    }

    @Test
    void goesFromItsRequestToItsSweep() {
        assertThat(run(REQUESTED).state()).isEqualTo(State.REQUESTED);
        assertThat(run(REQUESTED, ENUMERATED).state()).isEqualTo(State.ENUMERATED);
        assertThat(run(REQUESTED, ENUMERATED, keeping(0)).state()).isEqualTo(State.ENUMERATED);
        assertThat(run(REQUESTED, ENUMERATED, keeping(0), keeping(1)).state()).isEqualTo(State.SWEEPING);
        assertThat(run(REQUESTED, ENUMERATED, keeping(0), keeping(1), swept(0)).state())
                .isEqualTo(State.SWEEPING);

        Run run = run(REQUESTED, ENUMERATED, keeping(0), keeping(1), swept(0), swept(1));
        assertThat(run.state()).isEqualTo(State.SWEPT);
        assertThat(run.ended()).isTrue();
        assertThat(run.id()).isEqualTo(RUN);
        assertThat(run.enumerated()).isEqualTo(ENUMERATED);
    }

    @Test
    void isNotDecidedAsLongAsItIsNotEnumerated() {
        Run run = run(REQUESTED, keeping(0), keeping(1));

        assertThat(run.allDecided()).isFalse();
        assertThat(run.state()).isEqualTo(State.REQUESTED);
        assertThat(run.contradiction()).isEmpty();
        assertThat(run.mayBeSwept()).isFalse();
    }

    @Test
    void isNotDecidedTwiceByTheSamePartition() {
        Run run = run(REQUESTED, ENUMERATED, keeping(0), keeping(0));

        assertThat(run.allDecided()).isFalse();
        assertThat(run.totals().live().count()).isEqualTo(2);
    }

    @Test
    void addsUpItsPartitions() {
        Run run = run(REQUESTED, ENUMERATED, keeping(0), deleting(1), swept(1), swept(0));

        assertThat(run.totals().live()).isEqualTo(new Tally(2, 200));
        assertThat(run.totals().eligible()).isEqualTo(new Tally(2, 200));
        assertThat(run.sweep().deletions()).isEqualTo(2);
        assertThat(run.sweep().bytesFreed()).isEqualTo(200);
    }

    @Test
    void aDryRunEndsDecided() {
        Run run = run(DRY, ENUMERATED, deleting(0), deleting(1));

        assertThat(run.state()).isEqualTo(State.DECIDED);
        assertThat(run.ended()).isTrue();
        assertThat(run.mayBeSwept()).isFalse();
        assertThat(run.mayHaveSwept()).isFalse();
    }

    @Test
    void noApprovalMakesADryRunASweep() {
        Run run = run(
                DRY, ENUMERATED, deleting(0), deleting(1), new Waiting(RUN, "too much"), new Approved(RUN, "operator"));

        assertThat(run.state()).isEqualTo(State.DECIDED);
        assertThat(run.mayBeSwept()).isFalse();
        assertThat(run.mayHaveSwept()).isFalse();
    }

    @Test
    void maySweepNoMoreThanItsRequestLetsPass() {
        assertThat(run(requested(RUN, false, 50), ENUMERATED, keeping(0), deleting(1))
                        .mayBeSwept())
                .isTrue();
        assertThat(run(requested(RUN, false, 49), ENUMERATED, keeping(0), deleting(1))
                        .mayBeSwept())
                .isFalse();
        assertThat(run(requested(RUN, false, 100), ENUMERATED, deleting(0), deleting(1))
                        .mayBeSwept())
                .isTrue();
        assertThat(run(requested(RUN, false, 0), ENUMERATED, keeping(0), keeping(1))
                        .mayBeSwept())
                .isTrue();
    }

    /** The storage may be half there: nothing of it is large, and nothing else goes. */
    @Test
    void linksToWhatIsNotThereGoOnlyWhereNotTooManyAre() {
        var some = Map.of(Problem.Kind.DANGLING_MANIFEST, 2L, Problem.Kind.DANGLING_TAG, 1L);

        assertThat(dangling(30, some, true).whyHeld())
                .contains("40.0 % of the manifests, or of what tags name, are not there, and the circuit breaker lets "
                        + "30 % pass");
        assertThat(dangling(30, some, true).leastMaxDelete()).isEqualTo(40);
        assertThat(dangling(40, some, true).mayBeSwept()).isTrue();
        assertThat(dangling(30, some, false).mayBeSwept()).isTrue();
        assertThat(dangling(30, Map.of(), true).mayBeSwept()).isTrue();
    }

    /** One of many repositories may be on a part of the storage that is not there. */
    @Test
    void aRepositoryThatLosesAllItsTagsAsTheyNameNothingHoldsTheRun() {
        var lost = Map.of(Problem.Kind.LOST_REPOSITORY, 1L);

        assertThat(dangling(99, lost, true).whyHeld())
                .contains("1 repository loses all its tags, as these name nothing");
        assertThat(dangling(99, lost, true).leastMaxDelete()).isEqualTo(100);
        assertThat(dangling(100, lost, true).mayBeSwept()).isTrue();
    }

    /**
     * Of five manifests and five tags.
     *
     * @param goes whether a link goes
     */
    private static Run dangling(int maxDelete, Map<Problem.Kind, Long> problems, boolean goes) {
        var enumerated = new Enumerated(
                RUN,
                "/var/lib/registry",
                1,
                5,
                5,
                1,
                0,
                0,
                problems,
                null,
                0,
                Checksum.NONE,
                DescriptorCache.UNKNOWN,
                null,
                null,
                Fingerprint.NONE,
                OtherFiles.NONE);
        Totals left = Totals.of(Totals.Leftovers.of(Kind.LINK, new Tally(1, 71), goes));
        return run(
                requested(RUN, false, maxDelete), enumerated, new RunRecord.Decided(RUN, 0, 1, 1, left, Checksum.NONE));
    }

    @Test
    void theBreakerHoldsItUntilSomebodyApproves() {
        List<RunRecord> records = new ArrayList<>(List.of(REQUESTED, ENUMERATED, deleting(0), deleting(1)));
        Run held = run(records);
        assertThat(held.exceedsBreaker()).isTrue();
        assertThat(held.mayBeSwept()).isFalse();
        assertThat(held.mayHaveSwept()).isFalse();
        assertThat(held.state()).isEqualTo(State.DECIDED);
        assertThat(held.ended()).as("the sweeper has yet to say that it waits").isFalse();

        records.add(new Waiting(RUN, "too much"));
        Run waiting = run(records);
        assertThat(waiting.state()).isEqualTo(State.WAITING);
        assertThat(waiting.mayBeSwept()).isFalse();
        assertThat(waiting.ended()).isTrue();

        records.add(new Approved(RUN, "operator"));
        Run approved = run(records);
        assertThat(approved.state()).isEqualTo(State.SWEEPING);
        assertThat(approved.mayBeSwept()).isTrue();
        assertThat(approved.ended()).isFalse();

        records.addAll(List.of(swept(0), swept(1)));
        assertThat(run(records).state()).isEqualTo(State.SWEPT);
    }

    @Test
    void anApprovalOfAnotherRunLetsNothingPass() {
        Run run = run(
                REQUESTED,
                ENUMERATED,
                deleting(0),
                deleting(1),
                new Approved(EARLIER, "operator"),
                new Approved(LATER, "operator"));

        assertThat(run.approved()).isFalse();
        assertThat(run.mayBeSwept()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void isNotSweptIfMoreOrLessWasDecidedOnThanEnumerated(Enumerated enumerated) {
        Run run = run(REQUESTED, enumerated, keeping(0), keeping(1), new Approved(RUN, "operator"));

        assertThat(run.contradiction())
                .hasValueSatisfying(why -> assertThat(why).contains("" + enumerated.blobs(), "4"));
        assertThat(run.mayBeSwept()).isFalse();
        assertThat(run.state()).isNotIn(State.SWEEPING, State.SWEPT);
    }

    static Stream<Enumerated> contradictions() {
        return Stream.of(enumerated(3), enumerated(5), enumerated(0));
    }

    @Test
    void nothingContradictsAsLongAsPartitionsAreMissing() {
        assertThat(run(REQUESTED, enumerated(9), keeping(0)).contradiction()).isEmpty();
        assertThat(run(REQUESTED, ENUMERATED, keeping(0), deleting(1)).contradiction())
                .isEmpty();
    }
}
