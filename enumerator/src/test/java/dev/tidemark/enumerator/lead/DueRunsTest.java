package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Requested;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DueRunsTest {

    private static final Instant START = Instant.parse("2026-01-01T00:30:00Z");

    private Instant now = START;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    private final Schedule hourly = new Schedule(
            after -> Optional.of(after.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS)),
            false,
            true,
            Duration.ofHours(24),
            Duration.ofDays(7),
            60,
            true,
            null,
            true);

    @Test
    void aRunThatIsDueIsAskedForOnce() {
        var dueRuns = new DueRuns(Optional.of(hourly), clock);
        assertThat(dueRuns.due(Optional.empty())).isEmpty();

        now = Instant.parse("2026-01-01T01:00:03Z");
        assertThat(dueRuns.due(Optional.empty())).hasValueSatisfying(run -> {
            assertThat(run.run()).isEqualTo(new RunId("20260101-010000"));
            assertThat(run.options())
                    .isEqualTo(new Options(
                            Instant.parse("2025-12-31T01:00:00Z").toEpochMilli(),
                            true,
                            false,
                            Instant.parse("2025-12-25T01:00:00Z").toEpochMilli()));
            assertThat(run.maxDelete()).isEqualTo(60);
            assertThat(run.repairsAll()).isTrue();
            assertThat(run.keepsDangling()).isTrue();
        });
        assertThat(dueRuns.due(Optional.empty())).isEmpty();
    }

    @Test
    void everyEnumeratorAsksForTheSameRun() {
        var one = new DueRuns(Optional.of(hourly), clock);
        now = Instant.parse("2026-01-01T01:02:00Z");
        var other = new DueRuns(Optional.of(hourly), clock);

        Requested request = one.due(Optional.empty()).orElseThrow();
        assertThat(other.due(Optional.empty())).contains(request);
        assertThat(new DueRuns(Optional.of(hourly), clock).due(Optional.of(run(request))))
                .isEmpty();
    }

    @Test
    void aRunThatWasDueLongAgoIsNotMadeUpFor() {
        now = Instant.parse("2026-01-01T01:06:00Z");
        assertThat(new DueRuns(Optional.of(hourly), clock).due(Optional.empty()))
                .isEmpty();

        now = START;
        var asleep = new DueRuns(Optional.of(hourly), clock);
        now = Instant.parse("2026-01-01T05:30:00Z");
        int asked = 0;
        for (int i = 0; i < 10; i++) {
            asked += asleep.due(Optional.empty()).isPresent() ? 1 : 0;
        }
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aRunThatIsDueIsLeftOutWhileAnotherIsUnderWay() {
        var dueRuns = new DueRuns(Optional.of(hourly), clock);
        Run underWay = run(new Requested(
                new RunId("20260101-002000"), 0, new Options(0, false, false), 75, "test", null, null, null));

        now = Instant.parse("2026-01-01T01:00:00Z");
        assertThat(dueRuns.due(Optional.of(underWay))).isEmpty();
        assertThat(dueRuns.due(Optional.empty())).isEmpty();

        now = Instant.parse("2026-01-01T02:00:00Z");
        Optional<Run> ended = Run.after(Optional.of(underWay), new RunRecord.Cancelled(underWay.id(), "test"));
        assertThat(dueRuns.due(ended)).isPresent();
    }

    /** A client whose clock was a year ahead has asked for it. */
    @Test
    void aRunOfTheFutureDoesNotSilenceTheSchedule() {
        var dueRuns = new DueRuns(Optional.of(hourly), clock);
        var request = new Requested(
                new RunId("20270101-000000"),
                Instant.parse("2027-01-01T00:00:00Z").toEpochMilli(),
                new Options(0, false, false),
                75,
                "test",
                null,
                null,
                null);
        Optional<Run> latest = Optional.of(failed(request));

        for (int hour = 1; hour < 20; hour++) {
            now = START.truncatedTo(ChronoUnit.HOURS).plus(hour, ChronoUnit.HOURS);
            Requested due = dueRuns.due(latest).orElseThrow();

            assertThat(due.run()).isGreaterThan(latest.get().id());
            assertThat(due.at()).isEqualTo(now.toEpochMilli());
            latest = Optional.of(failed(due));
            assertThat(new DueRuns(Optional.of(hourly), clock).due(latest))
                    .as("by another enumerator, which takes over")
                    .isEmpty();
        }
    }

    @Test
    void withoutAScheduleNoRunIsEverDue() {
        now = Instant.parse("2036-01-01T00:00:00Z");
        assertThat(new DueRuns(Optional.empty(), clock).due(Optional.empty())).isEmpty();
    }

    private static Run failed(Requested request) {
        return Run.after(Optional.of(run(request)), new RunRecord.Failed(request.run(), "test", "test"))
                .orElseThrow();
    }

    private static Run run(Requested request) {
        return Run.after(Optional.empty(), request).orElseThrow();
    }
}
