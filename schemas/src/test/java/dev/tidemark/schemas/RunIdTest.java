package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdTest {

    @Provide
    Arbitrary<Instant> instants() {
        return Arbitraries.longs()
                .between(
                        Instant.parse("2020-01-01T00:00:00Z").getEpochSecond(),
                        Instant.parse("2099-12-31T23:59:59Z").getEpochSecond())
                .map(Instant::ofEpochSecond);
    }

    @Test
    void isTheSecondInWhichItWasRequested() {
        assertThat(RunId.next(Instant.parse("2026-11-23T21:18:39.999Z"), Optional.empty()))
                .hasToString("20261123-211839");
    }

    @Property
    void growsWhateverTheClockDoes(@ForAll("clocks") List<Instant> clock) {
        Optional<RunId> latest = Optional.empty();
        for (Instant now : clock) {
            RunId next = RunId.next(now, latest);
            latest.ifPresent(last -> {
                assertThat(next).isGreaterThan(last);
                assertThat(next.number()).isGreaterThan(last.number());
            });
            assertThat(next).isGreaterThanOrEqualTo(RunId.next(now, Optional.empty()));
            latest = Optional.of(next);
        }
    }

    @Provide
    Arbitrary<List<Instant>> clocks() {
        return Arbitraries.oneOf(instants(), instants().map(i -> Instant.parse("2026-12-31T23:59:59Z")))
                .list()
                .ofMaxSize(6);
    }

    @Property
    void isANumberToo(@ForAll("instants") Instant now, @ForAll("instants") Instant other) {
        RunId a = RunId.next(now, Optional.empty());
        RunId b = RunId.next(other, Optional.empty());

        assertThat(RunId.of(a.number())).isEqualTo(a);
        assertThat(Long.signum(Long.compare(a.number(), b.number()))).isEqualTo(Integer.signum(a.compareTo(b)));
    }

    @Test
    void goesOverTheEndOfAYear() {
        RunId last = new RunId("20261231-235959");

        assertThat(RunId.next(Instant.parse("2026-12-31T23:59:59Z"), Optional.of(last)))
                .hasToString("20270101-000000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-23",
                "20261123-21183",
                "20261123-2118390",
                "20261123 211839",
                "\u0662\u0660261123-211839",
                "20261123-211839\n",
                "20261323-211839",
                "20261100-211839",
                "20261123-241839",
                "00000000-000000"
            })
    void isNothingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new RunId(text));
    }
}
