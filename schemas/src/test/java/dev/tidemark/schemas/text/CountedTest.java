package dev.tidemark.schemas.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CountedTest {

    @Test
    void oneIsSingularAndAllOthersArePlural() {
        assertThat(Counted.of(0, "partition")).isEqualTo("0 partitions");
        assertThat(Counted.of(1, "partition")).isEqualTo("1 partition");
        assertThat(Counted.of(1234567, "layer link")).isEqualTo("1,234,567 layer links");
        assertThat(Counted.of(1, "repository")).isEqualTo("1 repository");
        assertThat(Counted.of(2, "repository")).isEqualTo("2 repositories");
        assertThat(Counted.of(2, "key")).isEqualTo("2 keys");
    }
}
