package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

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
  void whateverElseItIsFailsIt() {
    assertThat(MarkerService.onlyTransactionLost(new StreamsException("record", new RecordTooLargeException("too large")))).isFalse();
    assertThat(MarkerService.onlyTransactionLost(new OutOfMemoryError())).isFalse();
  }
}
