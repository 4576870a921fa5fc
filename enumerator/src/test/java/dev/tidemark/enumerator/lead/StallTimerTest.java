package dev.tidemark.enumerator.lead;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Run;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StallTimerTest {

    private final StallTimer timer = new StallTimer(Duration.ofSeconds(60));
    private long now = Long.MAX_VALUE - Duration.ofSeconds(100).toNanos();

    @Test
    void timeWithoutProgressAddsUpUntilThereIsSome() {
        assertThat(look(30, "a")).isZero();
        assertThat(look(30, "a")).hasSeconds(30);
        assertThat(look(45, "a")).hasSeconds(75);
        assertThat(look(30, "b")).isZero();
        assertThat(look(30, "b")).hasSeconds(30);
    }

    /** A process that was stopped for an hour knows nothing of that hour. */
    @Test
    void aLongGapBetweenTwoLooksCountsOnlyUpToItsLimit() {
        look(30, "a");
        assertThat(look(3600, "a")).hasSeconds(60);
        assertThat(look(30, "a")).hasSeconds(90);
    }

    @Test
    void theReasonSaysIfTheStorageDoesNotAnswer() {
        Duration timeout = Duration.ofMinutes(15);
        assertThat(StallWatch.why(Run.State.REQUESTED, timeout, Optional.of("901 s ago to list repositories of /data")))
                .isEqualTo("nothing has moved for 15 minutes while it was requested: the storage does not answer, it "
                        + "was asked 901 s ago to list repositories of /data");
        assertThat(StallWatch.why(Run.State.ENUMERATED, timeout, Optional.empty()))
                .isEqualTo("nothing has moved for 15 minutes while it was enumerated: are the services running, and "
                        + "their topics there?");
    }

    private Duration look(int secondsLater, Object state) {
        now += Duration.ofSeconds(secondsLater).toNanos();
        return timer.look(now, state);
    }
}
