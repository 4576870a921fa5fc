package dev.tidemark.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SemanticVersionTest {

    /** The examples of the specification (11.), and numbers that no machine word has. */
    @Test
    void theyHaveTheOrderOfTheSpecification() {
        List<String> ordered = List.of(
                "0.0.9",
                "0.9.0",
                "0.10.0",
                "1.0.0-0",
                "1.0.0-9",
                "1.0.0-10",
                "1.0.0-99999999999999999999",
                "1.0.0-100000000000000000000",
                "1.0.0--1",
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "v2.0.0",
                "2.1.0",
                "v2.1.1",
                "99999999999999999999.0.0");
        List<SemanticVersion> versions = ordered.stream()
                .map(SemanticVersion::of)
                .flatMap(Optional::stream)
                .toList();
        List<SemanticVersion> shuffled = new ArrayList<>(versions);
        Collections.shuffle(shuffled, new Random(7));

        assertThat(versions).hasSameSizeAs(ordered);
        assertThat(shuffled.stream().sorted()).isEqualTo(versions);
    }

    @Test
    void aVersionIsTheSameWithAV() {
        assertThat(Stream.of("v1.2.3-rc.1", "1.2.3-rc.1")
                        .map(SemanticVersion::of)
                        .distinct())
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "1.2",
                "v1",
                "1.2.3.4",
                "01.2.3",
                "1.2.3-01",
                "1.2.3-",
                "1.2.3-a..b",
                "1.2.3_a",
                "vv1.2.3",
                "V1.2.3",
                "1.2.3-a_b",
                "-1.2.3",
                "latest",
                ""
            })
    void otherNamesAreNone(String name) {
        assertThat(SemanticVersion.of(name)).isEmpty();
    }
}
