package dev.tidemark.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void everyFiveMinutes() {
        assertThat(after("2026-11-24T01:02:03Z", "*/5 * * * *", ZoneOffset.UTC, 3))
                .containsExactly(at("2026-11-24T01:05:00Z"), at("2026-11-24T01:10:00Z"), at("2026-11-24T01:15:00Z"));
    }

    @Test
    void aWordStandsForItsFields() {
        for (var word : Map.of(
                        "@hourly", "0 * * * *",
                        "@daily", "0 0 * * *",
                        "@midnight", "0 0 * * *",
                        "@weekly", "0 0 * * 0",
                        "@monthly", "0 0 1 * *",
                        "@yearly", "0 0 1 1 *",
                        "@annually", "0 0 1 1 *")
                .entrySet()) {
            assertThat(after("2026-11-24T01:02:03Z", word.getKey(), BERLIN, 3))
                    .isEqualTo(after("2026-11-24T01:02:03Z", word.getValue(), BERLIN, 3));
        }
    }

    @Test
    void theNextIsLaterThanTheOneBefore() {
        assertThat(after("2026-11-28T03:00:00Z", "0 3 * * 6", ZoneOffset.UTC, 1))
                .containsExactly(at("2026-12-05T03:00:00Z"));
    }

    @Test
    void sundayIsZeroAndSeven() {
        assertThat(after("2026-11-24T00:00:00Z", "0 3 * * 0", ZoneOffset.UTC, 2))
                .isEqualTo(after("2026-11-24T00:00:00Z", "0 3 * * 7", ZoneOffset.UTC, 2))
                .containsExactly(at("2026-11-29T03:00:00Z"), at("2026-12-06T03:00:00Z"));
    }

    @Test
    void aDayOfTheMonthAndADayOfTheWeekAreEither() {
        assertThat(after("2026-11-09T00:00:00Z", "0 0 13 * 1", ZoneOffset.UTC, 3))
                .containsExactly(at("2026-11-13T00:00:00Z"), at("2026-11-16T00:00:00Z"), at("2026-11-23T00:00:00Z"));
    }

    @Test
    void keepsTheTimeOfTheDayInItsZone() {
        // The clocks went forward on 29 March 2026, and back on 25 October.
        assertThat(after("2026-03-28T00:00:00Z", "30 4 * * *", BERLIN, 2))
                .containsExactly(at("2026-03-28T03:30:00Z"), at("2026-03-29T02:30:00Z"));
        assertThat(after("2026-10-24T00:00:00Z", "30 4 * * *", BERLIN, 2))
                .containsExactly(at("2026-10-24T02:30:00Z"), at("2026-10-25T03:30:00Z"));
    }

    @Test
    void aTimeThatTheClocksSkipIsNotMissedForGood() {
        List<Instant> times = after("2026-03-28T12:00:00Z", "30 2 * * *", BERLIN, 2);
        assertThat(times)
                .doesNotHaveDuplicates()
                .isSorted()
                .last()
                .satisfies(last -> assertThat(last).isBetween(at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")));
    }

    @Test
    void aTimeThatTheClocksShowTwiceDoesNotStopIt() {
        List<Instant> times = after("2026-10-24T12:00:00Z", "30 2 * * *", BERLIN, 3);
        assertThat(times)
                .doesNotHaveDuplicates()
                .isSorted()
                .last()
                .satisfies(last -> assertThat(last).isBetween(at("2026-10-26T01:30:00Z"), at("2026-10-27T01:30:00Z")));
    }

    @Test
    void aLeapDayIsWaitedFor() {
        assertThat(after("2026-03-01T00:00:00Z", "0 0 29 2 *", ZoneOffset.UTC, 1))
                .containsExactly(at("2028-02-29T00:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *"})
    void refusesWhatNeverComes(String expression) {
        assertThatThrownBy(() -> CronSchedule.parse(expression, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "* * * *",
                "0 0 3 * * 6",
                "60 * * * *",
                "* 24 * * *",
                "0 3 * * 8",
                "*/0 * * * *",
                "0 0 3 * * ?",
                "@reboot",
                "@sometimes"
            })
    void refusesNonsenseInOneLine(String expression) {
        assertThatThrownBy(() -> CronSchedule.parse(expression, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("it is no cron expression of five fields")
                .doesNotContain("\n");
    }

    private static Instant at(String text) {
        return Instant.parse(text);
    }

    private static List<Instant> after(String from, String expression, ZoneId zone, int count) {
        CronSchedule schedule = CronSchedule.parse(expression, zone);
        List<Instant> times = new ArrayList<>();
        Instant last = at(from);
        for (int i = 0; i < count; i++) {
            last = schedule.next(last).orElseThrow();
            times.add(last);
        }
        return times;
    }

    @Test
    void aWeeklyTimeThatTheClocksSkipIsNotMissedForAWeek() {
        assertThat(after("2026-03-28T00:00:00Z", "0,30 2 * * 0", BERLIN, 3))
                .containsExactly(at("2026-03-29T01:00:00Z"), at("2026-03-29T01:30:00Z"), at("2026-04-05T00:00:00Z"));
    }

    @Test
    void aFrequentTimeComesNoOftenerWhenTheClocksJump() {
        assertThat(after("2026-03-29T00:00:00Z", "15 * * * *", BERLIN, 4))
                .containsExactly(
                        at("2026-03-29T00:15:00Z"),
                        at("2026-03-29T01:15:00Z"),
                        at("2026-03-29T02:15:00Z"),
                        at("2026-03-29T03:15:00Z"));
        assertThat(after("2026-10-25T00:00:00Z", "15 * * * *", BERLIN, 3))
                .containsExactly(at("2026-10-25T00:15:00Z"), at("2026-10-25T01:15:00Z"), at("2026-10-25T02:15:00Z"));
    }
}
