package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run.State;
import dev.tidemark.schemas.RunRecord.Approved;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.RunRecord.Enumerated;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.RunRecord.Waiting;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The latest run, as a reader of the topic {@code runs} knows it. */
class RunTest {

    private static final RunId EARLIER = new RunId("20261123-211838");
    private static final RunId RUN = new RunId("20261123-211839");
    private static final RunId LATER = new RunId("20261123-211840");

    private static final Requested REQUESTED = requested(RUN, false);
    private static final Requested DRY = requested(RUN, true);
    /** With {@link #keeping} and {@link #deleting} of two partitions, four blobs of 400 bytes. */
    private static final Enumerated ENUMERATED = enumerated(4);

    private static final Failed FAILED = new Failed(RUN, "marker", "a record is missing");
    private static final Cancelled CANCELLED = new Cancelled(RUN, "interrupted");

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

    static Stream<List<RunRecord>> unended() {
        return Stream.of(
                List.of(REQUESTED),
                List.of(REQUESTED, ENUMERATED),
                List.of(REQUESTED, ENUMERATED, keeping(0), keeping(1)),
                List.of(REQUESTED, ENUMERATED, keeping(0), keeping(1), swept(0)),
                List.of(REQUESTED, ENUMERATED, deleting(0), deleting(1), new Waiting(RUN, "too much")),
                List.of(REQUESTED, ENUMERATED, deleting(0), deleting(1), new Approved(RUN, "operator")));
    }

    @ParameterizedTest
    @MethodSource("unended")
    void aFailureEndsItWhereverItIs(List<RunRecord> records) {
        assertEnded(run(and(records, FAILED)), State.FAILED);
        assertEnded(
                run(and(records, FAILED, new Approved(RUN, "operator"), ENUMERATED, keeping(0), keeping(1))),
                State.FAILED);
    }

    @ParameterizedTest
    @MethodSource("unended")
    void aCancellationEndsItWhereverItIs(List<RunRecord> records) {
        assertEnded(run(and(records, CANCELLED)), State.CANCELLED);
        assertEnded(
                run(and(records, CANCELLED, new Approved(RUN, "operator"), ENUMERATED, keeping(0), keeping(1))),
                State.CANCELLED);
    }

    @Test
    void whatComesAfterTheEndChangesNothing() {
        assertThat(run(and(and(List.of(DRY, ENUMERATED), keeping(0)), keeping(1), FAILED))
                        .state())
                .isEqualTo(State.DECIDED);
    }

    @Test
    void theFirstEndIsTheEnd() {
        assertThat(run(REQUESTED, FAILED, CANCELLED).end()).isEqualTo(FAILED);
        assertThat(run(REQUESTED, CANCELLED, FAILED).end()).isEqualTo(CANCELLED);
    }

    @Test
    void mayHaveSweptBeforeItWasEndedButNotBeforeItWasApproved() {
        assertThat(run(REQUESTED, ENUMERATED, keeping(0), keeping(1), CANCELLED).mayHaveSwept())
                .isTrue();
        assertThat(run(REQUESTED, ENUMERATED, deleting(0), deleting(1), CANCELLED)
                        .mayHaveSwept())
                .isFalse();
        assertThat(run(REQUESTED, ENUMERATED, keeping(0), CANCELLED).mayHaveSwept())
                .isFalse();
    }

    @Test
    void aLaterRequestReplacesAnUnfinishedRun() {
        Run run = run(REQUESTED, ENUMERATED, deleting(0), new Approved(RUN, "operator"), requested(LATER, false));

        assertThat(run).isEqualTo(run(requested(LATER, false)));
        assertThat(run.id()).isEqualTo(LATER);
        assertThat(run.approved()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("unended")
    void recordsOfAnOlderRunAreIgnored(List<RunRecord> records) {
        List<RunRecord> older = new ArrayList<>(records);
        older.addAll(List.of(
                FAILED, CANCELLED, new Waiting(RUN, "too much"), new Approved(RUN, "operator"), swept(0), swept(1)));

        assertThat(fold(and(List.of(requested(LATER, false)), older.toArray(RunRecord[]::new))))
                .contains(run(requested(LATER, false)));
    }

    @Test
    void aRequestThatIsRepeatedChangesNothing() {
        Run run = run(REQUESTED, ENUMERATED, keeping(0));

        assertThat(Run.after(Optional.of(run), requested(RUN, true))).contains(run);
        assertThat(Run.after(Optional.of(run), requested(EARLIER, true))).contains(run);
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

    @Property
    void isTheSameHoweverOftenAndInWhateverOrderThePartitionsReport(@ForAll("reports") List<RunRecord> reports) {
        List<RunRecord> all = and(List.of(REQUESTED), reports.toArray(RunRecord[]::new));
        List<RunRecord> once = List.of(REQUESTED, ENUMERATED, keeping(0), deleting(1), swept(0), swept(1));
        List<RunRecord> distinct = once.stream().filter(all::contains).toList();

        assertThat(run(all)).isEqualTo(run(distinct));
        assertThat(run(all).state()).isEqualTo(run(distinct).state());
        assertThat(run(all).totals()).isEqualTo(run(distinct).totals());
        assertThat(run(all).sweep()).isEqualTo(run(distinct).sweep());
    }

    @Provide
    Arbitrary<List<RunRecord>> reports() {
        return Arbitraries.<RunRecord>of(ENUMERATED, keeping(0), deleting(1), swept(0), swept(1))
                .list()
                .ofMaxSize(12);
    }

    @Property
    void neverSweepsWithoutLeave(@ForAll("anything") List<RunRecord> records) {
        fold(records).filter(Run::mayBeSwept).ifPresent(run -> {
            List<RunRecord> own = records.stream()
                    .filter(record -> record.run().equals(run.id()))
                    .toList();
            Statistics.label("exceeds the breaker").collect(run.exceedsBreaker());
            assertThat(run.requested().options().dryRun()).isFalse();
            assertThat(own).noneMatch(record -> record instanceof Failed || record instanceof Cancelled);
            assertThat(!run.exceedsBreaker() || own.stream().anyMatch(Approved.class::isInstance))
                    .isTrue();
            assertThat(run.totals().live().count() + run.totals().eligible().count())
                    .isEqualTo(run.enumerated().blobs());
        });
    }

    @Provide
    Arbitrary<List<RunRecord>> anything() {
        return Arbitraries.<RunRecord>of(
                        ENUMERATED,
                        ENUMERATED,
                        ENUMERATED,
                        enumerated(5),
                        keeping(0),
                        keeping(0),
                        keeping(1),
                        keeping(1),
                        deleting(0),
                        deleting(0),
                        deleting(1),
                        deleting(1),
                        swept(0),
                        new Waiting(RUN, "too much"),
                        new Approved(RUN, "operator"),
                        new Approved(RUN, "operator"),
                        new Approved(EARLIER, "operator"),
                        FAILED,
                        CANCELLED)
                .list()
                .ofMinSize(5)
                .ofMaxSize(12)
                .flatMap(records -> Arbitraries.of(REQUESTED, REQUESTED, DRY, requested(EARLIER, false))
                        .map(first -> and(List.of(first), records.toArray(RunRecord[]::new))));
    }

    private static void assertEnded(Run run, State state) {
        assertThat(run.state()).isEqualTo(state);
        assertThat(run.ended()).isTrue();
        assertThat(run.mayBeSwept()).isFalse();
    }

    private static Run run(RunRecord... records) {
        return run(List.of(records));
    }

    private static Run run(List<RunRecord> records) {
        return fold(records).orElseThrow();
    }

    private static Optional<Run> fold(RunRecord... records) {
        return fold(List.of(records));
    }

    private static Optional<Run> fold(List<RunRecord> records) {
        Optional<Run> latest = Optional.empty();
        for (RunRecord record : records) {
            latest = Run.after(latest, record);
        }
        return latest;
    }

    private static List<RunRecord> and(List<? extends RunRecord> records, RunRecord... more) {
        List<RunRecord> all = new ArrayList<>(records);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private static Requested requested(RunId run, boolean dryRun) {
        return requested(run, dryRun, 30);
    }

    private static Requested requested(RunId run, boolean dryRun, int maxDelete) {
        return new Requested(run, 1, new Options(0, false, dryRun), maxDelete, "test", null);
    }

    private static Enumerated enumerated(long blobs) {
        return new Enumerated(RUN, "/var/lib/registry", 1, 1, 1, 1, blobs, 400, null, null);
    }

    private static Decided keeping(int partition) {
        return decided(partition, new Tally(2, 200), Tally.NONE);
    }

    private static Decided deleting(int partition) {
        return decided(partition, Tally.NONE, new Tally(2, 200));
    }

    private static Decided decided(int partition, Tally live, Tally eligible) {
        return new Decided(
                RUN, partition, 2, 1, new Totals(live, eligible, Map.of(), 0, 0, 0, 0, Map.of(), 0, List.of()));
    }

    private static Swept swept(int partition) {
        return new Swept(
                RUN,
                partition,
                2,
                new Sweep(Map.of(Kind.BLOB, new Tally(1, 100)), 0, Map.of(), Map.of()),
                Checksum.NONE,
                null);
    }
}
