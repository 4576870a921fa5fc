package dev.tidemark.kafka.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockReadingTest {

    private static final ClockReading START = new ClockReading(5_000_000_000L, 1_000_000);

    @Test
    void aMachineThatWasSuspendedHasAgedByItsWallClock() {
        assertThat(new ClockReading(5_000_000_001L, 1_120_000).since(START)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aClockThatWasSetBackMakesNobodyYounger() {
        assertThat(new ClockReading(35_000_000_000L, 900_000).since(START)).isEqualTo(Duration.ofSeconds(30));
    }
}
