package dev.tidemark.kafka.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InFlightLimitTest {

    private final InFlightLimit limit = new InFlightLimit(100);

    @Test
    void aRecordWaitsUntilOthersHaveArrived() throws Exception {
        int first = limit.acquire(new byte[60], () -> false);
        var second = CompletableFuture.supplyAsync(() -> limit.acquire(new byte[60], () -> false));

        assertThat(second).isNotDone();
        limit.release(first);

        assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo(60);
    }

    @Test
    void theLargestGoesAlone() {
        int all = limit.acquire(new byte[1000], () -> false);

        assertThat(all).isEqualTo(100);
        limit.release(all);
        assertThat(limit.acquire(new byte[100], () -> false)).isEqualTo(100);
    }

    @Test
    void aLaneThatIsToldToStopDoesNotWait() {
        limit.acquire(new byte[100], () -> false);

        assertThat(limit.acquire(new byte[1], () -> true))
                .as("nothing to give back")
                .isZero();
        assertThat(limit.acquire(null, () -> false))
                .as("a record without a value")
                .isZero();
    }
}
