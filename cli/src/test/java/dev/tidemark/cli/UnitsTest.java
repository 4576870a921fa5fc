package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

  @ParameterizedTest
  @CsvSource({"0,PT0S", "24h,PT24H", "7d,PT168H", "1h30m,PT1H30M", "90s,PT1M30S", "2d12h,PT60H", "1D,PT24H", "0s,PT0S"})
  void readsDurations(String text, Duration duration) {
    assertThat(Units.duration(text)).isEqualTo(duration);
    assertThat(Units.duration(Units.text(duration))).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "1", "h", "-1h", "1.5h", "1h 30m", "30m1h", "1w", "99999999999999999999d"})
  void refusesWhatIsNoDuration(String text) {
    assertThatThrownBy(() -> Units.duration(text)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("duration");
  }

  @ParameterizedTest
  @CsvSource({"0,0 B", "999,999 B", "1000,1.0 kB", "999949,999.9 kB", "999950,1.0 MB", "1234567890,1.2 GB", "9223372036854775807,9.2 EB"})
  void writesBytes(long bytes, String text) {
    assertThat(Units.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void writesWhatElapsed() {
    assertThat(Units.elapsed(Duration.ofMillis(2345))).isEqualTo("2.3 s");
    assertThat(Units.elapsed(Duration.ofSeconds(245))).isEqualTo("4 m 05 s");
    assertThat(Units.elapsed(Duration.ofMinutes(200))).isEqualTo("3 h 20 m");
  }

  @Test
  void saysHowFarHowFastAndHowLongStill() {
    assertThat(ProgressLine.line("sweeping", 0, 0, "deletions", 0, Duration.ZERO)).isEqualTo("sweeping: looking");
    assertThat(ProgressLine.line("sweeping", 5, 1000, "deletions", 5, Duration.ofMillis(500))).isEqualTo("sweeping: 5 of 1,000 deletions");
    assertThat(ProgressLine.line("sweeping", 250, 1000, "deletions", 250, Duration.ofSeconds(10)))
        .isEqualTo("sweeping: 250 of 1,000 deletions, 25/s, about 30.0 s left");
    assertThat(ProgressLine.line("sweeping", 1000, 1000, "deletions", 1000, Duration.ofSeconds(10)))
        .isEqualTo("sweeping: 1,000 of 1,000 deletions, 100/s");
  }
}
