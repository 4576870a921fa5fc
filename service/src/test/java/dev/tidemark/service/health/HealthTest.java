package dev.tidemark.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthTest {

    private final Health health = new Health();

    @Test
    void withoutConditionsAllIsWell() {
        assertThat(health.notLive()).isEmpty();
        assertThat(health.notReady()).isEmpty();
    }

    @Test
    void aServiceThatIsNotReadyLives() {
        health.ready("group", () -> Optional.of("not joined"));
        assertThat(health.notLive()).isEmpty();
        assertThat(health.notReady()).isEqualTo(Map.of("group", "not joined"));
    }

    @Test
    void aServiceThatDoesNotLiveIsNotReadyEither() {
        health.live("streams", () -> Optional.of("stopped"));
        health.ready("group", () -> Optional.of("not joined"));
        assertThat(health.notLive()).isEqualTo(Map.of("streams", "stopped"));
        assertThat(health.notReady()).isEqualTo(Map.of("streams", "stopped", "group", "not joined"));
    }

    @Test
    void asksEachTime() {
        var joined = new boolean[1];
        health.ready("group", () -> joined[0] ? Optional.empty() : Optional.of("not joined"));
        assertThat(health.notReady()).containsKey("group");
        joined[0] = true;
        assertThat(health.notReady()).isEmpty();
    }

    @Test
    void aConditionThatFailsToAnswerDoesNotHold() {
        health.live("streams", () -> {
            throw new IllegalStateException("closed");
        });
        health.ready("group", () -> Optional.of("not joined"));
        assertThat(health.notLive().get("streams")).contains("cannot be told", "closed");
        assertThat(health.notReady()).containsOnlyKeys("streams", "group");
    }
}
