package dev.tidemark.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "999,999 B",
        "1000,1.0 kB",
        "999949,999.9 kB",
        "999950,1.0 MB",
        "1234567890,1.2 GB",
        "9223372036854775807,9.2 EB"
    })
    void bytesAreInPowersOfAThousand(long bytes, String text) {
        assertThat(Units.bytes(bytes)).isEqualTo(text);
    }

    @Test
    void durationsHaveTwoUnitsAtMost() {
        assertThat(Units.elapsed(Duration.ofMillis(2345))).isEqualTo("2.3 s");
        assertThat(Units.elapsed(Duration.ofSeconds(245))).isEqualTo("4 m 05 s");
        assertThat(Units.elapsed(Duration.ofMinutes(200))).isEqualTo("3 h 20 m");
    }
}
