package dev.tidemark.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    @Test
    void progressSaysHowFarHowFastAndHowLongStill() {
        assertThat(line(0, 0, 0)).isEqualTo("sweeping: looking");
        assertThat(ProgressLine.line("sweeping", 5, 1000, "deletions", 5, Duration.ofMillis(500)))
                .isEqualTo("sweeping: 5 of 1,000 deletions");
        assertThat(line(250, 1000, 10)).isEqualTo("sweeping: 250 of 1,000 deletions, 25/s, about 30 s left");
        assertThat(line(250, 1000, 100)).isEqualTo("sweeping: 250 of 1,000 deletions, 2.5/s, about 5 m 00 s left");
    }

    @Test
    void aRateThatRoundsToNothingIsNoneAndPromisesNothing() {
        assertThat(line(26, 44, 224)).isEqualTo("sweeping: 26 of 44 deletions, 0.1/s, about 2 m 35 s left");
        assertThat(line(1, 44, 224)).isEqualTo("sweeping: 1 of 44 deletions");
        assertThat(line(0, 44, 224)).isEqualTo("sweeping: 0 of 44 deletions");
        assertThat(ProgressLine.line("enumerating", 0, 0, "shards", 0, Duration.ofSeconds(5)))
                .isEqualTo("enumerating: looking");
    }

    @Test
    void whereNothingIsLeftNoRateGoesDownAnyMore() {
        assertThat(line(1000, 1000, 10)).isEqualTo("sweeping: 1,000 of 1,000 deletions");
        assertThat(line(999, 1000, 10)).isEqualTo("sweeping: 999 of 1,000 deletions, 100/s, about 1 s left");
    }

    @Test
    void aSingleDeletionIsSingular() {
        assertThat(line(0, 1, 0)).isEqualTo("sweeping: 0 of 1 deletion");
    }

    private static String line(long done, long all, long seconds) {
        return ProgressLine.line("sweeping", done, all, "deletions", done, Duration.ofSeconds(seconds));
    }
}
