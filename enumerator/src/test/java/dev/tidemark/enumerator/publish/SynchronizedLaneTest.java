package dev.tidemark.enumerator.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.storage.Parallel;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class SynchronizedLaneTest {

    private final RecordingLane lane = new RecordingLane();
    private final SynchronizedLane shared = new SynchronizedLane(lane);

    @Test
    void recordsThatManyThreadsSendAreAllSent() {
        Parallel.forEach(IntStream.range(0, 16).boxed().toList(), 16, thread -> {
            for (int i = 0; i < 5_000; i++) {
                shared.send(new ProducerRecord<>("topic", thread + "-" + i, new byte[0]));
            }
        });

        assertThat(lane.sent).hasSize(16 * 5_000).doesNotContainNull();
        assertThat(lane.sent.stream().map(ProducerRecord::key).distinct()).hasSize(16 * 5_000);
    }

    @Test
    void aSynchronizedLaneStopsAndFailsWithItsLane() {
        lane.stopped = true;
        lane.failure = new KafkaException("the broker is gone");

        assertThat(shared.stopped()).isTrue();
        assertThatThrownBy(() -> shared.send(new ProducerRecord<>("topic", new byte[0])))
                .isSameAs(lane.failure);
    }
}
