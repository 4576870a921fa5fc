package dev.tidemark.schemas;

import static dev.tidemark.schemas.RunRecords.CANCELLED;
import static dev.tidemark.schemas.RunRecords.DRY;
import static dev.tidemark.schemas.RunRecords.EARLIER;
import static dev.tidemark.schemas.RunRecords.ENUMERATED;
import static dev.tidemark.schemas.RunRecords.FAILED;
import static dev.tidemark.schemas.RunRecords.LATER;
import static dev.tidemark.schemas.RunRecords.REQUESTED;
import static dev.tidemark.schemas.RunRecords.RUN;
import static dev.tidemark.schemas.RunRecords.and;
import static dev.tidemark.schemas.RunRecords.deleting;
import static dev.tidemark.schemas.RunRecords.fold;
import static dev.tidemark.schemas.RunRecords.keeping;
import static dev.tidemark.schemas.RunRecords.requested;
import static dev.tidemark.schemas.RunRecords.run;
import static dev.tidemark.schemas.RunRecords.swept;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Run.State;
import dev.tidemark.schemas.RunRecord.Approved;
import dev.tidemark.schemas.RunRecord.Waiting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run ends with its failure, its cancellation or the request of a later one. */
class RunEndTest {

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
    void aRecordAfterTheEndChangesNothing() {
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

    private static void assertEnded(Run run, State state) {
        assertThat(run.state()).isEqualTo(state);
        assertThat(run.ended()).isTrue();
        assertThat(run.mayBeSwept()).isFalse();
    }
}
