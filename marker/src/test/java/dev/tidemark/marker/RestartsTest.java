package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RestartsTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Restarts restarts = new Restarts(2, Duration.ofMinutes(10), clock::get);

    @Test
    void aThirdRestartWithinTenMinutesIsRefused() {
        assertThat(restarts.another()).isTrue();
        pass(Duration.ofMinutes(4));
        assertThat(restarts.another()).isTrue();
        pass(Duration.ofMinutes(4));
        assertThat(restarts.another()).isFalse();
    }

    @Test
    void restartsOfDaysBeforeDoNotCount() {
        for (int day = 0; day < 100; day++) {
            assertThat(restarts.another()).isTrue();
            assertThat(restarts.another()).isTrue();
            assertThat(restarts.another()).isFalse();
            pass(Duration.ofDays(1));
        }
    }

    @Test
    void whereNoneIsAllowedTheFirstRestartIsRefused() {
        assertThat(new Restarts(0, Duration.ofMinutes(10), clock::get).another())
                .isFalse();
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }
}
