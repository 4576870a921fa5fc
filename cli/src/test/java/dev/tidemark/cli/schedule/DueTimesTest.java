package dev.tidemark.cli.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.service.settings.CronSchedule;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class DueTimesTest {

    private static final CronSchedule NIGHTLY = CronSchedule.parse("0 3 * * *", ZoneOffset.UTC);

    private final DueTimes times = new DueTimes(NIGHTLY::next, at("2026-11-24T12:00:00Z"));

    @Test
    void noTimeIsDueThatCameBeforeTheStart() {
        assertThat(times.come(at("2026-11-24T12:00:01Z"))).isFalse();
        assertThat(times.due()).contains(at("2026-11-25T03:00:00Z"));
    }

    @Test
    void aTimeComesOnce() {
        Instant begun = at("2026-11-25T03:00:10Z");
        assertThat(times.come(begun)).isTrue();

        assertThat(times.goOn(begun, at("2026-11-25T03:20:00Z"))).isZero();
        assertThat(times.come(at("2026-11-25T03:20:01Z"))).isFalse();
        assertThat(times.due()).contains(at("2026-11-26T03:00:00Z"));
    }

    @Test
    void timesOfASuspendedMachineAreMadeUpForOnce() {
        Instant awake = at("2026-11-28T08:00:00Z");
        assertThat(times.come(awake)).isTrue();

        assertThat(times.goOn(awake, at("2026-11-28T08:30:00Z"))).isZero();
        assertThat(times.come(at("2026-11-28T08:31:00Z"))).isFalse();
        assertThat(times.due()).contains(at("2026-11-29T03:00:00Z"));
    }

    @Test
    void timesThatComeWhileOneIsUnderWayAreLeftOut() {
        Instant begun = at("2026-11-25T03:00:00Z");

        assertThat(times.come(begun)).isTrue();
        assertThat(times.goOn(begun, at("2026-11-27T03:00:00Z"))).isEqualTo(2);
        assertThat(times.due()).contains(at("2026-11-28T03:00:00Z"));
    }

    @Test
    void aClockThatWasYearsAheadIsForgotten() {
        assertThat(times.come(at("2036-01-01T00:00:00Z"))).isTrue();
        times.goOn(at("2036-01-01T00:00:00Z"), at("2036-01-01T00:10:00Z"));

        assertThat(times.come(at("2026-11-24T12:00:00Z"))).isFalse();
        assertThat(times.due()).contains(at("2026-11-25T03:00:00Z"));
    }

    @Test
    void aClockThatIsSetBackInACollectionIsForgotten() {
        assertThat(times.goOn(at("2036-01-01T03:00:00Z"), at("2026-11-24T12:00:00Z")))
                .isZero();
        assertThat(times.come(at("2026-11-24T12:00:00Z"))).isFalse();
        assertThat(times.due()).contains(at("2026-11-25T03:00:00Z"));
    }

    /** As a time server does it: a second or so. */
    @Test
    void aClockThatIsSetBackALittleMakesNoTimeComeTwice() {
        Instant begun = at("2026-11-25T03:00:00Z");
        assertThat(times.come(begun)).isTrue();
        times.goOn(begun, at("2026-11-25T03:00:01Z"));

        assertThat(times.come(at("2026-11-25T02:59:59Z"))).isFalse();
        assertThat(times.come(at("2026-11-25T03:00:02Z"))).isFalse();
    }

    private static Instant at(String text) {
        return Instant.parse(text);
    }
}
