package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Digest.Algorithm;
import dev.tidemark.schemas.PullRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentPullsTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
    private static final Digest DIGEST = Algorithm.SHA256.of(new byte[0]);

    private final RecentPulls recent = new RecentPulls();

    private static PullRecord pull(String tag, int minutes) {
        return PullRecord.heard("team/app", tag, DIGEST, NOON.plusSeconds(60L * minutes));
    }

    @Test
    void aTagIsWrittenOnceAnHour() {
        assertThat(recent.fresh(List.of(pull("v1", 0), pull("v1", 5), pull(null, 5))))
                .containsExactly(pull("v1", 0), pull(null, 0));
        recent.written(List.of(pull("v1", 0)));

        assertThat(recent.fresh(List.of(pull("v1", 59), pull("v2", 59), pull(null, 59))))
                .containsExactly(pull("v2", 59), pull(null, 59));
        assertThat(recent.fresh(List.of(pull("v1", 60)))).hasSize(1);
    }

    /** What Kafka has not taken is written when the registry sends it again. */
    @Test
    void aPullThatIsNotWrittenIsFreshAgain() {
        assertThat(recent.fresh(List.of(pull("v1", 0)))).hasSize(1);
        assertThat(recent.fresh(List.of(pull("v1", 1)))).hasSize(1);
    }

    @Test
    void itForgetsTheOldest() {
        for (int i = 0; i < 100_001; i++) {
            recent.written(List.of(pull("v" + i, 0)));
        }

        assertThat(recent.fresh(List.of(pull("v0", 0)))).hasSize(1);
        assertThat(recent.fresh(List.of(pull("v1", 0)))).isEmpty();
    }
}
