package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.run.Aftermath;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.TestRuns;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exit code says no more than is known. */
class RunReportTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final String UNVERIFIED = "not verified yet";

    private final Screen screen = Screen.of(200);

    @Test
    void aSweepThatNobodyHasVerifiedIsNoSuccess() {
        Run run = swept(1);

        assertThat(print(run, List.of())).isEqualTo(ExitCode.UNPROVABLE);
        assertThat(screen.out()).contains(UNVERIFIED);
        assertThat(screen.err()).contains(UNVERIFIED, "tidemark show " + RUN);
    }

    @Test
    void aSweepThatIsVerifiedIsDone() {
        assertThat(print(verified(swept(1), 0), List.of())).isEqualTo(ExitCode.DONE);
        assertThat(screen.out() + screen.err()).doesNotContain(UNVERIFIED);
    }

    @Test
    void aSweepThatHasDeletedNothingNeedsNoVerification() {
        assertThat(print(swept(0), List.of())).isEqualTo(ExitCode.DONE);
        assertThat(screen.out() + screen.err()).doesNotContain(UNVERIFIED);
    }

    @Test
    void aFailureCountsFirst() {
        assertThat(print(swept(1), List.of("it can't be verified"))).isEqualTo(ExitCode.FAILED);
        assertThat(print(verified(swept(1), 3), List.of())).isEqualTo(ExitCode.FAILED);
    }

    private int print(Run run, List<String> troubles) {
        return new RunReport(screen.terminal(), new Output())
                .print(run, new Phases(Instant.now()), Aftermath.of(Optional.empty()), "", troubles);
    }

    private static Run verified(Run run, long lost) {
        return Run.after(Optional.of(run), new RunRecord.Verified(RUN, 1, 7, lost, List.of()))
                .orElseThrow();
    }

    private static Run swept(int blobs) {
        Tally eligible = new Tally(blobs, blobs);
        var totals = new Totals(
                Tally.NONE,
                eligible,
                Map.of(),
                0,
                0,
                0,
                0,
                0,
                Map.of(),
                0,
                List.of(),
                Totals.Unlinked.NONE,
                Totals.WrongSizes.NONE);
        var sweep = blobs == 0 ? Sweep.NONE : new Sweep(Map.of(Kind.BLOB, eligible), 0, Map.of(), Map.of());
        return TestRuns.swept(RUN, blobs, totals, sweep, null);
    }
}
