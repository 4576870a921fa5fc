package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Totals;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class MarkerServiceTest {

  @Test
  void aTransactionThatIsOverWithoutItsProducerIsNoReasonToFailARun() {
    var lost = new StreamsException("Error encountered trying to commit", new KafkaException("fatal", new InvalidTxnStateException("invalid state")));

    assertThat(MarkerService.onlyTransactionLost(lost)).isTrue();
  }

  @Test
  void aRunIsOverWhenItHasFailedOrWasCancelledOrALaterOneWasAskedFor() {
    var first = new RunId("20260101-000000");
    var second = new RunId("20260101-000001");
    Optional<Run> none = Optional.empty();
    Optional<Run> requested = Run.after(none, new RunRecord.Requested(first, 1, new Options(1, true, true), 75, "me"));
    Optional<Run> decided = Run.after(
        Run.after(requested, new RunRecord.Enumerated(first, "here", 0, 0, 0, 0, 0, 0, Map.of(), List.of())),
        new RunRecord.Decided(first, 0, 1, 1, Totals.NONE));

    assertThat(MarkerService.over(none, first)).as("nothing is known").isFalse();
    assertThat(MarkerService.over(requested, first)).isFalse();
    assertThat(MarkerService.over(requested, second)).as("its request is not seen yet").isFalse();
    assertThat(MarkerService.over(decided, first)).as("with the marker's own decision").isFalse();
    assertThat(MarkerService.over(Run.after(requested, new RunRecord.Failed(first, "enumerator", "why")), first)).isTrue();
    assertThat(MarkerService.over(Run.after(requested, new RunRecord.Cancelled(first, "why")), first)).isTrue();
    assertThat(MarkerService.over(Run.after(requested, new RunRecord.Requested(second, 2, new Options(2, true, true), 75, "me")), first)).isTrue();
  }

  @Test
  void whateverElseItIsFailsIt() {
    assertThat(MarkerService.onlyTransactionLost(new StreamsException("record", new RecordTooLargeException("too large")))).isFalse();
    assertThat(MarkerService.onlyTransactionLost(new OutOfMemoryError())).isFalse();
  }
}
