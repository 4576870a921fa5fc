package dev.tidemark.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "0,PT0S",
        "24h,PT24H",
        "7d,PT168H",
        "1h30m,PT1H30M",
        "15m,PT15M",
        "90s,PT1M30S",
        "2d12h,PT60H",
        "1D,PT24H",
        "0s,PT0S",
        "36500d,PT876000H"
    })
    void readsDurations(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
        assertThat(Durations.parse(Durations.text(duration))).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1", "h", "-1h", "1.5h", "1h 30m", "30m1h", "1w", "99999999999999999999d"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("duration");
    }

    /** 106751991167d is the last that ms can count. Added to the time, it gives one that is long past. */
    @ParameterizedTest
    @ValueSource(strings = {"36500d1s", "876001h", "106751991167d", "200000000000d", "99999999999999d"})
    void refusesWhatCannotBeAddedToATime(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + text + "' is too long a duration: at most 36500d");
    }

    @Test
    void theLongestCanBeAddedToATime() {
        assertThat(Math.addExact(System.currentTimeMillis(), Durations.LONGEST.toMillis()))
                .isGreaterThan(System.currentTimeMillis());
        assertThat(Durations.LONGEST.toNanos()).isLessThan(Long.MAX_VALUE / 2);
    }
}
