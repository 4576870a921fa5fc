package dev.tidemark.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PullsCollectedTest {

    private static final String TOPIC = "one";
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration KEPT = Duration.ofDays(400);

    private PullsCollected collected = PullsCollected.none(TOPIC);
    private Instant now = START;

    private static OptionalLong at(Instant time) {
        return OptionalLong.of(time.toEpochMilli());
    }

    private OptionalLong known() {
        return collected.known(now, TOPIC, KEPT);
    }

    private void passes(Duration time) {
        now = now.plus(time);
    }

    /** Sweepers are ready all the time. */
    private void ready(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            passes(Duration.ofMinutes(30));
            collected = collected.ready(now);
        }
    }

    @Test
    void beforeThereIsASweeperNothingIsKnown() {
        assertThat(known()).isEmpty();
    }

    /** A registry that sends nothing can't be told from one that nobody pulls from. */
    @Test
    void itBeginsWithTheFirstPull() {
        collected = collected.ready(now);
        ready(Duration.ofDays(30));
        assertThat(known()).isEmpty();

        collected = collected.pulled(now);
        Instant first = now;
        ready(Duration.ofDays(3));

        assertThat(known()).isEqualTo(at(first));
    }

    @Test
    void itGoesOnOverARestart() {
        collected = collected.ready(now).pulled(now);
        passes(Duration.ofMinutes(59));
        collected = collected.ready(now).pulled(now);

        assertThat(known()).isEqualTo(at(START));
    }

    @Test
    void aWeekWithoutSweepersIsAGap() {
        collected = collected.ready(now).pulled(now);
        passes(Duration.ofDays(7));
        assertThat(known()).isEmpty();

        collected = collected.ready(now);
        assertThat(known()).isEmpty();
        passes(Duration.ofMinutes(20));
        collected = collected.ready(now).pulled(now);

        assertThat(known()).isEqualTo(at(now));
    }

    @Test
    void anHourWithoutSweepersIsAGapThoughPullsCameBeforeAndAfter() {
        collected = collected.ready(now).pulled(now);
        passes(Duration.ofMinutes(61));
        collected = collected.ready(now).pulled(now);

        assertThat(known()).isEqualTo(at(now));
    }

    @Test
    void whileNobodyIsReadyNothingIsKnown() {
        collected = collected.ready(now).pulled(now);
        passes(Duration.ofMinutes(61));

        assertThat(known()).isEmpty();
    }

    @Test
    void aLongSilenceIsAGap() {
        collected = collected.ready(now).pulled(now);
        ready(Duration.ofDays(4));
        assertThat(known()).isEqualTo(at(START));
        ready(Duration.ofHours(1));
        assertThat(known()).isEmpty();

        collected = collected.pulled(now);
        assertThat(known()).isEqualTo(at(now));
    }

    @Test
    void sweepersKnowTogether() {
        PullsCollected one = PullsCollected.none(TOPIC).ready(now).pulled(now);
        passes(Duration.ofDays(1));
        PullsCollected other = PullsCollected.none(TOPIC).and(one).ready(now);
        PullsCollected later = one.and(other).pulled(now);

        assertThat(later).isEqualTo(other.and(later));
        // The first of them was away for a day.
        assertThat(later.known(now, TOPIC, KEPT)).isEqualTo(at(now));
    }

    /** It has woken up, and says what it knew before it fell asleep. */
    @Test
    void aSweeperThatWasAsleepDoesNotMakeAGapUndone() {
        PullsCollected asleep = PullsCollected.none(TOPIC).ready(now).pulled(now);
        passes(Duration.ofDays(7));
        collected = asleep.ready(now).pulled(now);

        assertThat(collected.and(asleep)).isEqualTo(collected);
        assertThat(asleep.known(now, TOPIC, KEPT)).isEmpty();
    }

    @Test
    void ofASweeperWhoseClockIsAheadNothingIsKnownBeforeThatTime() {
        collected = collected.ready(now).pulled(now);
        Instant ahead = now.plus(Duration.ofDays(365));

        PullsCollected together =
                collected.and(PullsCollected.none(TOPIC).ready(ahead).pulled(ahead));

        assertThat(together.known(now, TOPIC, KEPT)).isEqualTo(at(ahead));
    }

    @Test
    void ofATopicThatIsMadeAnewNothingIsKnown() {
        collected = collected.ready(now).pulled(now);

        assertThat(collected.known(now, "another", KEPT)).isEmpty();
        PullsCollected anew = PullsCollected.none("another").and(collected).ready(now);
        assertThat(anew).isEqualTo(PullsCollected.none("another").ready(now));
    }

    @Test
    void itReachesBackNoFurtherThanThePullsAreKept() {
        collected = collected.ready(now).pulled(now);
        ready(Duration.ofDays(3));

        assertThat(collected.known(now, TOPIC, Duration.ofDays(2))).isEqualTo(at(now.minus(Duration.ofDays(2))));
        assertThat(collected.known(now, TOPIC, Duration.ofMillis(Long.MAX_VALUE)))
                .isEqualTo(at(START));
    }
}
