package dev.tidemark.kafka.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.junit.jupiter.api.Test;

class AttemptsTest {

    private final Attempts attempts = new Attempts();

    @Test
    void aRecordThatFailsFiveTimesIsGivenUpAndNoOther() {
        for (int i = 1; i <= 5; i++) {
            assertThat(attempts.exhausted(7)).isFalse();
            fails(7, new IllegalStateException("try " + i));
        }

        assertThat(attempts.exhausted(7)).isTrue();
        assertThat(attempts.exhausted(8)).isFalse();
        assertThat(attempts.lastFailure()).hasMessage("try 5");
    }

    @Test
    void anotherRecordThatFailsIsCountedForItself() {
        for (int i = 0; i < 4; i++) {
            fails(7, new IllegalStateException("not yet"));
        }
        fails(8, new IllegalStateException("not yet"));
        fails(7, new IllegalStateException("not yet"));

        assertThat(attempts.exhausted(7)).isFalse();
        assertThat(attempts.exhausted(8)).isFalse();
    }

    @Test
    void recordsThatFailedTogetherAreTakenAlone() {
        attempts.begin(7);
        attempts.upTo(9);
        attempts.failed(new IllegalStateException("one of them"));

        assertThat(attempts.alone(7)).isTrue();
        assertThat(attempts.alone(9)).isTrue();
        assertThat(attempts.alone(10)).isFalse();
    }

    @Test
    void aPartitionThatIsLostIsNoFaultOfItsRecord() {
        for (int i = 0; i < 10; i++) {
            fails(7, new KafkaException("not committed", new CommitFailedException()));
        }

        assertThat(attempts.exhausted(7)).isFalse();
    }

    @Test
    void aCoordinatorThatIsLoadingIsNoFaultOfItsRecord() {
        for (int i = 0; i < 10; i++) {
            fails(7, new KafkaException("not committed", new CoordinatorLoadInProgressException("it is loading")));
            fails(7, new CoordinatorNotAvailableException("not yet"));
            fails(7, new NotCoordinatorException("it has moved"));
        }

        assertThat(attempts.exhausted(7)).isFalse();
    }

    @Test
    void aLaneThatCannotBeOpenedIsNoFaultOfTheRecordBefore() {
        for (int i = 0; i < 10; i++) {
            attempts.begin(7);
            attempts.reset();
            attempts.failed(new KafkaException("no answer"));
        }

        assertThat(attempts.exhausted(7)).isFalse();
    }

    private void fails(long offset, RuntimeException failure) {
        attempts.reset();
        attempts.begin(offset);
        attempts.upTo(offset);
        attempts.failed(failure);
    }
}
