package dev.tidemark.sweeper.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.sweeper.SweeperMeter;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountedCacheTest {

    private final SweeperMeter meter = new SweeperMeter();

    @Test
    void onlyEntriesThatMayBeLeftAreCounted() {
        try (var reached = new CountedCache(new ForgetfulCache(gone -> {}), meter::cacheFailed)) {
            reached.check();
            reached.forget(List.of());
            assertThat(reached.remedy()).isEqualTo("tell it again");
        }
        assertThat(meter.cacheFailures()).isZero();

        try (var unreached = new CountedCache(
                new ForgetfulCache(gone -> {
                    throw new CacheException("it does not answer", null);
                }),
                meter::cacheFailed)) {
            assertThatExceptionOfType(CacheException.class)
                    .isThrownBy(() -> unreached.forget(List.of()))
                    .withMessage("it does not answer");
        }
        assertThat(meter.cacheFailures()).isOne();
    }
}
