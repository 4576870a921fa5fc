package dev.tidemark.report.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.report.data.ReportData.Fate;
import dev.tidemark.report.data.ReportData.Part;
import dev.tidemark.report.data.ReportData.Phase;
import dev.tidemark.report.data.ReportData.Repository;
import dev.tidemark.report.data.ReportData.Tense;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Tally;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What a run has come to, as its report says it, of indexes that are filled by hand. */
class ReportedEffectTest {

    private static final Duration OLD = Duration.ofDays(10);

    @AutoClose
    private final ReportedRun index = new ReportedRun();

    @Test
    void aDryRunSaysWhatWouldBeFreed() {
        index.blob("layer", 40, "a").garbage("dead", 60, OLD, "a");

        ReportData report = index.report();

        assertThat(report.effect().tense()).isEqualTo(Tense.WOULD_BE);
        assertThat(report.effect().removed())
                .containsOnly(entry(Kind.BLOB, new Tally(1, 60)), entry(Kind.LAYER, new Tally(1, 0)));
        assertThat(report.parts()).containsExactly(new Part(Fate.LIVE, 1, 40), new Part(Fate.ELIGIBLE, 1, 60));
        assertThat(report.repositories().listed()).containsExactly(new Repository("a", 2, 100, 40, 60));
        assertThat(report.listing().rows()).extracting(ReportRow::outcome).containsOnlyNulls();
    }

    @Test
    void aSweptRunSaysWhatWasFreedAndWhatWasNot() {
        index.blob("layer", 40, "a")
                .blob("young", 5, "a")
                .kept(Map.of("young blob", new Tally(1, 5)))
                .garbage("dead", 60, OLD, "a")
                .garbage("spared", 7, OLD, "a")
                .done(Kind.BLOB, "spared", null, "spared", "referenced again since the run began")
                .garbage("failed", 8, OLD, "b")
                .done(Kind.BLOB, "failed", null, "failed", "permission denied")
                .garbage("gone", 9, OLD, "b")
                .done(Kind.BLOB, "gone", null, "already-gone", null)
                .sweptAll();

        ReportData report = index.report();

        assertThat(report.effect().tense()).isEqualTo(Tense.FREED);
        assertThat(report.effect().bytes()).isEqualTo(60);
        assertThat(report.effect())
                .extracting("alreadyGone", "spared", "failed")
                .containsExactly(1L, 1L, 1L);
        assertThat(report.parts())
                .containsExactly(
                        new Part(Fate.LIVE, 1, 40),
                        new Part(Fate.YOUNG, 1, 5),
                        new Part(Fate.SPARED, 1, 7),
                        new Part(Fate.FAILED, 1, 8),
                        new Part(Fate.ALREADY_GONE, 1, 9),
                        new Part(Fate.DELETED, 1, 60));
        assertThat(report.repositories().listed())
                .extracting(Repository::name, Repository::freed)
                .containsExactly(tuple("a", 60L), tuple("b", 0L));
        assertThat(report.listing().rows()).extracting(ReportRow::outcome).startsWith("failed", "spared");
        assertThat(report.gaps()).isEmpty();
    }

    @Test
    void ofADeletionThatIsRecordedTwiceTheLastCounts() {
        index.garbage("dead", 60, OLD)
                .done(Kind.BLOB, "dead", null, "failed", "the storage does not answer")
                .done(Kind.BLOB, "dead", null, "deleted", null)
                .sweptAll();

        ReportData report = index.report();

        assertThat(report.effect()).extracting("bytes", "failed").containsExactly(60L, 0L);
        assertThat(report.listing().rows()).extracting(ReportRow::outcome).containsExactly("deleted");
    }

    @Test
    void aDeletionThatNobodyDecidedOnIsShownAsWell() {
        index.blob("layer", 40, "a")
                .done(Kind.BLOB, "layer", null, "deleted", null)
                .sweptAll();

        assertThat(index.report().listing().rows())
                .extracting(ReportRow::outcome, ReportRow::reason)
                .containsExactly(tuple("deleted", null));
    }

    @Test
    void aRunThatFailedBeforeItDecidedFreesNothing() {
        index.garbage("dead", 60, OLD, "a")
                .undecided()
                .real()
                .then(new RunRecord.Failed(ReportedRun.RUN, "marker", "a count is wrong"));

        ReportData report = index.report();

        assertThat(report.effect().tense()).isEqualTo(Tense.UNKNOWN);
        assertThat(report.effect().removed()).isEmpty();
        assertThat(report.parts()).isEmpty();
        assertThat(report.map().freed()).isZero();
        assertThat(report.run().why()).isEqualTo("It failed in the marker: a count is wrong");
        assertThat(report.found().bytes()).isEqualTo(60);
    }

    @Test
    void aRunThatFailedInItsSweepSaysWhatWasFreedByThen() {
        index.garbage("dead", 60, OLD)
                .garbage("left", 5, OLD)
                .maxDelete(100)
                .done(Kind.BLOB, "dead", null, "deleted", null)
                .then(new RunRecord.Failed(ReportedRun.RUN, "sweeper", "a disk is gone"));

        ReportData report = index.report();

        assertThat(report.effect().tense()).isEqualTo(Tense.SO_FAR);
        assertThat(report.effect().bytes()).isEqualTo(60);
        assertThat(report.parts()).containsExactly(new Part(Fate.ELIGIBLE, 1, 5), new Part(Fate.DELETED, 1, 60));
    }

    @Test
    void aRunThatWaitsHasFreedNothingAndIsTimedAsWaiting() {
        index.garbage("dead", 60, OLD)
                .maxDelete(10)
                .then(new RunRecord.Waiting(ReportedRun.RUN, "too much is eligible"));

        ReportData report = index.report();

        assertThat(report.run()).extracting("state", "why").containsExactly("waiting", "too much is eligible");
        assertThat(report.effect().tense()).isEqualTo(Tense.WOULD_BE);
        assertThat(report.phases())
                .extracting(Phase::name, Phase::running)
                .containsExactly(
                        tuple("enumerating", false), tuple("marking", false), tuple("waiting for approval", true));
    }

    @Test
    void aRunThatWasNotEnumeratedIsAReportStill() {
        index.notEnumerated().real();

        ReportData report = index.report();

        assertThat(report.found()).isNull();
        assertThat(report.run().registry()).isNull();
        assertThat(report.phases()).containsExactly(new Phase("enumerating", 3600_000, true));
    }

    @Test
    void phasesTakeAsLongAsTheTopicSays() {
        index.garbage("dead", 60, OLD).maxDelete(100).sweptAll();

        assertThat(index.report().phases())
                .containsExactly(
                        new Phase("enumerating", 42_000, false),
                        new Phase("marking", 18_000, false),
                        new Phase("sweeping", 71_000, false));
    }

    @Test
    void theApproverIsNamed() {
        index.garbage("dead", 60, OLD).maxDelete(10).approvedBy("bob");

        assertThat(index.report().run().approvedBy()).isEqualTo("bob");
    }

    @Test
    void recordsThatTheTopicsHaveLostAreReported() {
        index.blob("layer", 40, "a").garbage("dead", 60, OLD).sweptAll();
        ReportQueries complete = index.queries();
        index.sql("DELETE FROM blob WHERE size = 40")
                .sql("DELETE FROM deletion")
                .sql("DELETE FROM eligible");

        assertThat(complete.read().gaps())
                .containsExactly(
                        "The run says that 2 blobs were enumerated, and the topics have 1.",
                        "The run says that 1 blobs were found eligible, and the topics have 0.",
                        "The run says that 1 deletions were recorded, and the topics have 0.");
    }
}
