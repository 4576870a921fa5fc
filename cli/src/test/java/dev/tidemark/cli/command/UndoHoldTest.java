package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.text.Durations;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UndoHoldTest {

    private static final RunId RUN = new RunId("20261129-030000");
    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void manifestsAreHeldOneByOne() {
        List<String> manifests = manifests(UndoHold.MOST);

        UndoHold hold = UndoHold.of(RUN, manifests, WEEK);

        assertThat(hold.subjects()).isEqualTo(manifests);
        assertThat(hold.until() - hold.now()).isEqualTo(WEEK.toMillis());
        assertThat(hold.words()).startsWith("10,000 manifests held until ");
    }

    @Test
    void ofMoreThanARunsPlanTakesTheRepositoriesAreHeld() {
        UndoHold hold = UndoHold.of(RUN, manifests(UndoHold.MOST + 1), WEEK);

        assertThat(hold.subjects()).containsExactlyInAnyOrder("team/app0", "team/app1", "team/app2");
        assertThat(hold.subjects())
                .allSatisfy(subject -> assertThat(Hold.Subject.parse(subject))
                        .isInstanceOfSatisfying(
                                Hold.Subject.OfRepositories.class,
                                of -> assertThat(of.glob().matches(subject)).isTrue()));
        assertThat(hold.words()).startsWith("3 whole repositories held until ");
    }

    @Test
    void theLongestTimeThatCanBeAskedForIsToCome() {
        UndoHold hold = UndoHold.of(RUN, manifests(1), Durations.LONGEST);

        assertThat(hold.until()).isGreaterThan(hold.now());
    }

    private static List<String> manifests(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> "team/app%d@sha256:%064x".formatted(i % 3, i))
                .toList();
    }
}
