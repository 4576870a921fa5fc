package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are missing, too many, or of nobody fail their run: nothing of it is decided, and the next one is. */
class FailedRunTest extends TopologyOnOnePartition {

    @Test
    void aMissingRecordFailsTheRunAndNothingIsDecided() {
        List<EnumeratedRecord> records = records(RUN, false);
        records.removeIf(Layers.class::isInstance);

        records.forEach(this::pipe);

        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.readValuesToList())
                .singleElement()
                .isInstanceOfSatisfying(
                        RunRecord.Failed.class,
                        failed ->
                                assertThat(failed.why()).contains("layers has 0 records, and the enumerator wrote 1"));
    }

    @Test
    void aGapInTheMarksFailsTheRun() {
        List<EnumeratedRecord> records = records(RUN, false);
        EnumeratedRecord last = records.remove(records.size() - 1);
        records.forEach(this::pipe);

        marksAgain.pipeInput(null, mark(0, 3, LAYER, "app"));
        pipe(last);

        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.readValuesToList()).singleElement().isInstanceOfSatisfying(RunRecord.Failed.class, failed -> {
            assertThat(failed.service()).isEqualTo("marker");
            assertThat(failed.why()).contains("lacks record 2 of task 0");
        });
    }

    @Test
    void aRecordBeforeTheFirstBarrierFailsTheRun() {
        List<EnumeratedRecord> records = records(RUN, false);
        records.removeIf(StartOfInput.class::isInstance);

        records.forEach(this::pipe);

        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.readValuesToList()).singleElement().isInstanceOf(RunRecord.Failed.class);
    }

    @Test
    void aRecordAfterTheLastBarrierFailsTheRun() {
        List<EnumeratedRecord> records = records(RUN, false);
        EnumeratedRecord last = records.remove(records.size() - 1);
        records.forEach(this::pipe);

        pipe(blob(RUN, RandomInput.digest("late"), 1));
        pipe(last);

        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.readValuesToList())
                .singleElement()
                .isInstanceOfSatisfying(
                        RunRecord.Failed.class,
                        failed -> assertThat(failed.why()).contains("after the run's last barrier"));
    }

    @Test
    void aRunAfterAFailedOneIsDecided() {
        List<EnumeratedRecord> records = records(RUN, false);
        records.removeIf(Manifests.class::isInstance);
        records.forEach(this::pipe);

        givenARun(NEXT, false);

        assertThat(runs.readValuesToList())
                .satisfiesExactly(
                        failed -> assertThat(failed)
                                .isInstanceOf(RunRecord.Failed.class)
                                .extracting(RunRecord::run)
                                .isEqualTo(RUN),
                        decided -> assertThat(decided)
                                .isInstanceOf(RunRecord.Decided.class)
                                .extracting(RunRecord::run)
                                .isEqualTo(NEXT));
        assertThat(eligible.readValuesToList())
                .hasSize(2)
                .extracting(EligibleRecord::run)
                .containsOnly(NEXT);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1, Integer.MAX_VALUE})
    void aRecordOfATaskThatIsNotThereFailsTheRun(int task) {
        for (MarksRecord record :
                List.of(mark(task, 1, LAYER, "app"), new MarksRecord.EndOfSuperstep(NEXT, task, 1, 0, 0, 0))) {
            List<EnumeratedRecord> records = records(record.run(), false);
            EnumeratedRecord last = records.remove(records.size() - 1);
            records.forEach(this::pipe);

            marksAgain.pipeInput(null, record);
            pipe(last);

            assertFailed("a record of task " + task + ", and there are 1");
            assertThat(eligible.isEmpty()).isTrue();
        }
        assertDecided(new RunId("20260101-000002"));
    }
}
