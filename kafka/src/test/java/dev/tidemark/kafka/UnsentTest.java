package dev.tidemark.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnsentTest {

  private final Unsent unsent = new Unsent(100);

  @Test
  void aRecordWaitsUntilOthersHaveArrived() throws Exception {
    int first = unsent.take(new byte[60], () -> false);
    var second = CompletableFuture.supplyAsync(() -> unsent.take(new byte[60], () -> false));

    assertThat(second).isNotDone();
    unsent.sent(first);

    assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo(60);
  }

  @Test
  void theLargestGoesAlone() {
    int all = unsent.take(new byte[1000], () -> false);

    assertThat(all).isEqualTo(100);
    unsent.sent(all);
    assertThat(unsent.take(new byte[100], () -> false)).isEqualTo(100);
  }

  @Test
  void whoIsToldToStopDoesNotWait() {
    unsent.take(new byte[100], () -> false);

    assertThat(unsent.take(new byte[1], () -> true)).as("nothing to give back").isZero();
    assertThat(unsent.take(null, () -> false)).as("a record without a value").isZero();
  }
}
