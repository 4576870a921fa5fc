package dev.tidemark.schemas;

import static dev.tidemark.schemas.RunRecords.CANCELLED;
import static dev.tidemark.schemas.RunRecords.DRY;
import static dev.tidemark.schemas.RunRecords.EARLIER;
import static dev.tidemark.schemas.RunRecords.ENUMERATED;
import static dev.tidemark.schemas.RunRecords.FAILED;
import static dev.tidemark.schemas.RunRecords.REQUESTED;
import static dev.tidemark.schemas.RunRecords.RUN;
import static dev.tidemark.schemas.RunRecords.and;
import static dev.tidemark.schemas.RunRecords.deleting;
import static dev.tidemark.schemas.RunRecords.enumerated;
import static dev.tidemark.schemas.RunRecords.fold;
import static dev.tidemark.schemas.RunRecords.keeping;
import static dev.tidemark.schemas.RunRecords.requested;
import static dev.tidemark.schemas.RunRecords.run;
import static dev.tidemark.schemas.RunRecords.swept;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.RunRecord.Approved;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Waiting;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Runs of random records. */
class RunPropertiesTest {

    @Property
    void aRunIsTheSameHoweverOftenAndInWhateverOrderThePartitionsReport(@ForAll("reports") List<RunRecord> reports) {
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
    void noRunSweepsWithoutLeave(@ForAll("anything") List<RunRecord> records) {
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
}
