package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Approved;
import dev.tidemark.schemas.RunRecord.Cancelled;
import dev.tidemark.schemas.RunRecord.Failed;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.RunRecord.Waiting;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.testkit.DefaultLocale;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A partition of {@code eligible} is swept as long as its run may be, and no longer. */
class PermissionTest extends EligiblePartition {

    @Test
    void waitsUntilTheRunMayBeSwept() throws InterruptedException {
        var runs = new FakeRuns(List.of());
        decided(RUN).forEach(runs::comes);
        Map<String, String> before = registry.snapshot();
        lane.onCommit = () -> assertThat(runs.allCame()).isTrue();

        on(work(runs, ""), blob(RUN, orphan), 0);

        assertThat(runs.allCame()).isTrue();
        assertThat(registry.data(orphan)).doesNotExist();
        assertThat(registry.snapshot()).isNotEqualTo(before);
    }

    @Test
    void aPartitionThatIsGivenBackWhileItWaitsIsUntouched() {
        Map<String, String> before = registry.snapshot();
        for (int known = 1; known < decided(RUN).size(); known++) {
            var work = work(new FakeRuns(decided(RUN).subList(0, known)), "");
            assertThatExceptionOfType(LaneStoppedException.class).isThrownBy(() -> on(work, blob(RUN, orphan), 0));
            assertThat(work.metadata()).isEmpty();
        }
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(lane.sent).isEmpty();
    }

    @Test
    void sweepsNothingOfARunThatIsOver() throws InterruptedException {
        Map<String, String> before = registry.snapshot();
        for (RunRecord end : List.of(
                new Failed(RUN, "marker", "test"),
                new Cancelled(RUN, "test"),
                requested(LATER, 100),
                new Swept(RUN, 1, 2, Sweep.NONE, Checksum.NONE, null, null))) {
            var runs = new FakeRuns(decided(RUN));
            if (end instanceof Swept) {
                runs.add(new Swept(RUN, 0, 2, Sweep.NONE, Checksum.NONE, null, null));
            }
            runs.add(end);
            var work = work(runs, "");

            on(work, manifest(image), 0);
            on(work, blob(RUN, orphan), 1);
            on(work, new EndOfEligible(RUN, 0, 2, Checksum.NONE), 2);

            assertThat(work.metadata()).isEmpty();
        }
        assertThat(registry.snapshot()).isEqualTo(before);
        assertThat(lane.sent).isEmpty();
        assertThat(lane.commits).isZero();
    }

    @Test
    void stopsInTheMiddleOfARunThatEnds() throws InterruptedException {
        var runs = new FakeRuns(decided(RUN));
        var work = work(runs, "");
        on(work, blob(RUN, orphan), 0);

        runs.add(new Cancelled(RUN, "test"));
        on(work, blob(RUN, image), 1);
        on(work, new EndOfEligible(RUN, 0, 2, Checksum.NONE), 2);

        assertThat(registry.data(image)).exists();
        assertThat(deletions()).hasSize(1);
        assertThat(said()).isEmpty();
    }

    /** The second look takes minutes, and to say what is begun may wait for Kafka. */
    @Test
    void sweepsNothingOfARunThatEndsWhileItIsLookedAtAgain() throws InterruptedException {
        for (RunRecord end :
                List.of(new Cancelled(RUN, "test"), new Failed(RUN, "marker", "test"), requested(LATER, 100))) {
            var runs = new FakeRuns(decided(RUN));
            lane.onCommit = () -> runs.add(end);

            on(work(runs, ""), blob(RUN, orphan), 0);

            assertThat(registry.data(orphan)).exists();
            assertThat(lane.sent).isEmpty();
        }
    }

    @Test
    void holdsARunThatTheBreakerStopsUntilItIsApproved() throws InterruptedException {
        var runs = new FakeRuns(List.of(requested(RUN, 10), enumerated(2), decides(RUN, 0), decides(RUN, 1)));
        Map<String, String> before = registry.snapshot();
        lane.onCommit = () -> {
            if (said().size() == 1 && runs.allCame()) {
                assertThat(registry.snapshot()).isEqualTo(before);
                runs.comes(said().getFirst());
                runs.comes(new Approved(RUN, "operator"));
            }
        };

        on(work(runs, ""), blob(RUN, orphan), 0);

        assertThat(said()).singleElement().isInstanceOfSatisfying(Waiting.class, waiting -> {
            assertThat(waiting.run()).isEqualTo(RUN);
            assertThat(waiting.why()).contains("50.0 %", "10 %");
        });
        assertThat(registry.data(orphan)).doesNotExist();
    }

    @Test
    void saysWhyARunWaitsInTheSameWordsInEveryLocale() {
        for (String locale : List.of(DefaultLocale.GERMAN, DefaultLocale.ARABIC)) {
            var runs = new FakeRuns(List.of(requested(RUN, 10), enumerated(2), decides(RUN, 0), decides(RUN, 1)));
            try (var abroad = DefaultLocale.of(locale)) {
                assertThatExceptionOfType(LaneStoppedException.class)
                        .isThrownBy(() -> work(runs, "").on(record(blob(RUN, orphan), 0), lane));
            }
        }

        assertThat(said())
                .hasSize(2)
                .allSatisfy(waits -> assertThat(((Waiting) waits).why())
                        .isEqualTo("50.0 % of the blobs are eligible, by number or by bytes, and the circuit "
                                + "breaker lets 10 % pass"));
    }

    @Test
    void onlyOnePartitionSpeaksForAll() {
        var held = new FakeRuns(List.of(requested(RUN, 10), enumerated(2), decides(RUN, 0), decides(RUN, 1)));
        var wrong = new FakeRuns(List.of(requested(RUN, 100), enumerated(3), decides(RUN, 0), decides(RUN, 1)));
        var other = new FakeLane(1);

        for (FakeRuns runs : List.of(held, wrong)) {
            assertThatExceptionOfType(LaneStoppedException.class)
                    .isThrownBy(() -> work(runs, "").on(record(blob(RUN, orphan), 0), other));
        }

        assertThat(other.sent).isEmpty();
        assertThat(registry.data(orphan)).exists();
    }

    @Test
    void failsARunThatDoesNotAddUp() throws InterruptedException {
        var runs = new FakeRuns(
                List.of(requested(RUN, 100), enumerated(3), decides(RUN, 0), decides(RUN, 1), new Approved(RUN, "me")));
        lane.onCommit = () -> runs.comes(said().getLast());

        on(work(runs, ""), blob(RUN, orphan), 0);

        assertThat(said())
                .singleElement()
                .isInstanceOfSatisfying(
                        Failed.class, failed -> assertThat(failed.why()).contains("3 blobs were enumerated and 2"));
        assertThat(registry.data(orphan)).exists();
    }
}
