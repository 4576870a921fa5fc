package dev.tidemark.enumerator.pin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LastPullsTest {

    private static final long HOUR = Duration.ofHours(1).toMillis();

    @Property(tries = 50)
    void itKnowsTheLastOfEach(@ForAll @Size(max = 5_000) List<@IntRange(max = 3_000) Integer> references) {
        var builder = new LastPulls.Builder();
        Map<String, Long> last = new HashMap<>();
        for (int i = 0; i < references.size(); i++) {
            long at = (i * 7919L % 1000) * HOUR;
            builder.add("app:" + references.get(i), OptionalLong.of(at));
            last.merge("app:" + references.get(i), at, Math::max);
        }
        LastPulls pulls = builder.build(5);

        assertThat(pulls.since()).isEqualTo(5);
        last.forEach((reference, at) -> assertThat(pulls.of(reference)).hasValue(at));
        for (int i = 3_001; i < 4_000; i++) {
            assertThat(pulls.of("app:" + i)).isEmpty();
        }
    }

    @Test
    void itNeverSaysThatAPullWasEarlier() {
        var builder = new LastPulls.Builder();
        builder.add("app:v1", OptionalLong.of(HOUR + 1));
        builder.add("app:v2", OptionalLong.empty());
        builder.add("app:v3", OptionalLong.of(-1));
        LastPulls pulls = builder.build(0);

        assertThat(pulls.of("app:v1")).hasValue(2 * HOUR);
        assertThat(pulls.of("app:v2").orElseThrow())
                .isGreaterThan(Duration.ofDays(365 * 1000).toMillis());
        assertThat(pulls.of("app:v3")).hasValue(0);
    }

    @Test
    void withoutPullsItKnowsNone() {
        assertThat(new LastPulls.Builder().build(1).of("app:v1")).isEmpty();
        assertThat(LastPulls.NONE.of("app:v1")).isEmpty();
    }
}
