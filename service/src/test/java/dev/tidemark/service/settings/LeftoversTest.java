package dev.tidemark.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.config.UploadPurging;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeftoversTest {

    @Test
    void anAgeThatIsAskedForCounts() {
        assertThat(Leftovers.asked("36h").age()).contains(Duration.ofHours(36));
        assertThat(Leftovers.asked("0").age()).contains(Duration.ZERO);
        assertThat(Leftovers.asked("OFF").age()).isEmpty();
        assertThat(Leftovers.asked("off").note()).isEmpty();
        assertThat(Leftovers.asked("14d").text()).isEqualTo("14d");
        assertThat(Leftovers.asked("off").text()).isEqualTo("off");
        assertThatThrownBy(() -> Leftovers.asked("soon")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whereNobodyAsksTheyGoWithTheRegistrysAndAWeekAtLeast() {
        assertThat(Leftovers.by(new UploadPurging.On(Duration.ofHours(1))).age())
                .contains(Duration.ofDays(7));
        assertThat(Leftovers.by(new UploadPurging.On(Duration.ofDays(30))).age())
                .contains(Duration.ofDays(30));
        assertThat(Leftovers.by(new UploadPurging.On(Duration.ofDays(30))).note())
                .isEmpty();
    }

    @Test
    void whereTheOperatorMayWantThemTheyStayAndItIsSaid() {
        Leftovers left = Leftovers.by(new UploadPurging.Off("it is not enabled"));

        assertThat(left.age()).isEmpty();
        assertThat(left.note())
                .hasValueSatisfying(
                        note -> assertThat(note).contains("left alone: it is not enabled.", "--leftovers 7d"));
    }
}
