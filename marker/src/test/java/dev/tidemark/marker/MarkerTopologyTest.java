package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rules.RandomInput;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Totals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run's records go in, marks, eligible records and the decision come out. */
class MarkerTopologyTest extends TopologyOnOnePartition {

    @Test
    void aPartitionDecidesWhenASuperstepHasSentNoMark() {
        givenARun(RUN, false);

        assertThat(eligible.readValuesToList())
                .satisfiesExactly(
                        record -> assertThat(record).isInstanceOfSatisfying(Eligible.class, orphan -> {
                            assertThat(orphan.kind()).isEqualTo(Kind.BLOB);
                            assertThat(orphan.digest()).isEqualTo(ORPHAN);
                            assertThat(orphan.bytes()).isEqualTo(30);
                        }),
                        record -> assertThat(record).isInstanceOfSatisfying(EndOfEligible.class, end -> {
                            assertThat(end.records()).isEqualTo(1);
                            assertThat(end.checksum()).isNotNull().isNotEqualTo(Checksum.NONE);
                        }));
        assertThat(marks.readValuesToList())
                .extracting(record -> record.getClass().getSimpleName())
                .containsExactly("Marks", "EndOfSuperstep", "EndOfSuperstep");
        assertThat(runs.readValuesToList()).singleElement().isInstanceOfSatisfying(RunRecord.Decided.class, decided -> {
            assertThat(decided.supersteps()).isEqualTo(2);
            assertThat(decided.totals().live().count()).isEqualTo(2);
            assertThat(decided.totals().eligible().bytes()).isEqualTo(30);
            assertThat(decided.totals().wrongSizes()).isEqualTo(Totals.WrongSizes.NONE);
        });
    }

    /** Whatever comes first, and however often: two say another size, one says none, and one says the right one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aLayerOfAnotherSizeThanManifestsSayIsCountedOnce(long seed) {
        List<EnumeratedRecord> records = records(RUN, false);
        List<EnumeratedRecord> input = new ArrayList<>(records.subList(3, records.size() - 3));
        input.add(manifest(RUN, "right", RandomInput.digest("right"), List.of(), 20));
        input.add(manifest(RUN, "unsaid", RandomInput.digest("unsaid"), List.of(), Sizes.UNKNOWN));
        input.add(manifest(RUN, "long", RandomInput.digest("long"), List.of(), 21));
        input.add(manifest(RUN, "short", RandomInput.digest("short"), List.of(), 0));
        input.addAll(List.copyOf(input));
        Collections.shuffle(input, new Random(seed));

        records.subList(0, 3).forEach(this::pipe);
        input.forEach(this::pipe);
        pipe(new EndOfInput(RUN, Input.MANIFESTS, 5, Checksum.NONE));
        pipe(new EndOfInput(RUN, Input.BLOBS, 3, Checksum.NONE));
        pipe(new EndOfInput(RUN, Input.LAYERS, 1, Checksum.NONE));

        assertThat(runs.readValuesToList()).singleElement().isInstanceOfSatisfying(RunRecord.Decided.class, decided -> {
            assertThat(decided.totals().wrongSizes().blobs()).isEqualTo(1);
            assertThat(decided.totals().wrongSizes().first())
                    .singleElement()
                    .isIn(
                            new Totals.WrongSize("long", RandomInput.digest("long"), LAYER, 21, 20),
                            new Totals.WrongSize("short", RandomInput.digest("short"), LAYER, 0, 20));
            assertThat(decided.totals().live().count()).as("it is kept").isEqualTo(2);
        });
    }

    @Test
    void aDryRunWritesNothingToEligible() {
        givenARun(RUN, true);

        assertThat(eligible.isEmpty()).isTrue();
        assertThat(dryRun.readValuesToList()).hasSize(2);
    }

    @Test
    void aRepeatedRecordChangesNothing() {
        records(RUN, false).forEach(record -> {
            pipe(record);
            pipe(record);
        });

        assertThat(eligible.readValuesToList()).hasSize(2);
        assertThat(runs.readValuesToList()).singleElement().isInstanceOf(RunRecord.Decided.class);
    }

    @Test
    void aLaterRunStartsAfreshAndRemembersSinceWhen() {
        givenARun(RUN, false);
        eligible.readValuesToList();

        givenARun(NEXT, false);

        assertThat(eligible.readValuesToList().get(0))
                .isInstanceOfSatisfying(
                        Eligible.class,
                        orphan -> assertThat(orphan.unreferencedSince()).isEqualTo(RUN));
    }

    @Test
    void aRunThatALaterOneOvertakesIsNeverDecided() {
        List<EnumeratedRecord> records = records(RUN, false);
        EnumeratedRecord last = records.remove(records.size() - 1);
        records.forEach(this::pipe);

        givenARun(NEXT, false);
        pipe(last);

        assertThat(runs.readValuesToList()).extracting(RunRecord::run).containsExactly(NEXT);
    }

    @Test
    void aRepeatedMarkChangesNothing() {
        List<EnumeratedRecord> records = records(RUN, false);
        EnumeratedRecord last = records.remove(records.size() - 1);
        records.forEach(this::pipe);
        List<MarksRecord> sent = marks.readValuesToList();

        assertThat(sent).hasSize(1);
        sent.forEach(mark -> marksAgain.pipeInput(null, mark));
        pipe(last);

        assertThat(eligible.readValuesToList()).hasSize(2);
        assertThat(runs.readValuesToList()).singleElement().isInstanceOf(RunRecord.Decided.class);
    }

    @Test
    void aRecordAfterTheDecisionChangesNothing() {
        givenARun(RUN, false);
        int before =
                eligible.readValuesToList().size() + runs.readValuesToList().size();

        pipe(blob(RUN, RandomInput.digest("late"), 1));
        pipe(new EndOfInput(RUN, Input.BLOBS, 4, Checksum.NONE));
        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertThat(before).isEqualTo(3);
        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.isEmpty()).isTrue();
    }

    @Test
    void eligibleRecordsAreKeyedByDigestAndPacksAndBarriersHaveNoKey() {
        givenARun(RUN, false);

        assertThat(eligible.readKeyValuesToList())
                .extracting(record -> record.key)
                .containsExactly(ORPHAN.toString(), null);
        assertThat(marks.readKeyValuesToList()).extracting(record -> record.key).containsExactly(null, null, null);
        assertThat(runs.readKeyValuesToList()).extracting(record -> record.key).containsExactly(RUN.toString());
    }

    @Test
    void aPartitionTooLargeForOneSliceGoesOnByTheClock() {
        int blobs = 60_000;
        pipeBlobs(blobs);
        assertThat(eligible.getQueueSize()).isPositive().isLessThan(blobs);
        assertThat(runs.isEmpty()).isTrue();

        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertThat(eligible.getQueueSize()).isEqualTo(blobs + 1);
        assertThat(runs.readValuesToList())
                .singleElement()
                .isInstanceOfSatisfying(
                        RunRecord.Decided.class,
                        decided ->
                                assertThat(decided.totals().eligible().count()).isEqualTo(blobs));
    }

    /** Nothing else shows that it goes on. */
    @Test
    void eachSliceOfADecisionIsInTheChangelogThoughNothingIsEligible() {
        TestOutputTopic<String, byte[]> progress = driver.createOutputTopic(
                TOPICS.markerProgress(), new StringDeserializer(), new ByteArrayDeserializer());
        pipeYoungBlobs(110_000);
        progress.readValuesToList();

        driver.advanceWallClockTime(Duration.ofMillis(50));

        assertThat(progress.readValuesToList()).hasSize(1);
        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.isEmpty()).as("still deciding").isTrue();

        driver.advanceWallClockTime(Duration.ofMillis(50));

        assertThat(runs.readValuesToList()).singleElement().isInstanceOf(RunRecord.Decided.class);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        progress.readValuesToList();
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(progress.isEmpty())
                .as("a task that does nothing writes nothing")
                .isTrue();
    }

    @Test
    void aRunThatIsOverIsNotDecided() {
        List<EnumeratedRecord> records = records(RUN, false);
        EnumeratedRecord last = records.remove(records.size() - 1);
        records.forEach(this::pipe);

        over.add(RUN);
        pipe(last);
        over.clear();
        pipe(last);

        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.isEmpty()).isTrue();
        assertDecided(NEXT);
    }

    @Test
    void aRunThatIsOverBeforeItBeginsIsPassedOver() {
        over.add(RUN);

        givenARun(RUN, false);

        assertThat(marks.isEmpty()).isTrue();
        assertThat(runs.isEmpty()).isTrue();
        assertDecided(NEXT);
    }

    @Test
    void aDecisionOnARunThatIsOverEnds() {
        pipeBlobs(60_000);
        int written = eligible.readValuesToList().size();
        over.add(RUN);

        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertThat(written).isPositive();
        assertThat(eligible.isEmpty()).isTrue();
        assertThat(runs.isEmpty()).isTrue();
        assertDecided(NEXT);
    }
}
