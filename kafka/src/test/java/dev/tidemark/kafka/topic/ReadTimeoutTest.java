package dev.tidemark.kafka.topic;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A consumer that gets on, and one that doesn't. */
class ReadTimeoutTest {

    private static final Cluster CLUSTER = new Cluster(Map.of(), new Topics("t.", 2));
    private static final TopicPartition FIRST = new TopicPartition("t.blobs", 0);
    private static final TopicPartition SECOND = new TopicPartition("t.blobs", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");

    @BeforeEach
    void twoPartitions() {
        consumer.assign(List.of(FIRST, SECOND));
        consumer.seek(FIRST, 0);
        consumer.seek(SECOND, 5);
    }

    @Test
    void aConsumerThatAdvancesInAnyPartitionGoesOn() {
        var timeout = new ReadTimeout(CLUSTER, consumer, Duration.ZERO);
        for (int offset = 1; offset < 10; offset++) {
            timeout.check();
            consumer.seek(offset % 2 == 0 ? FIRST : SECOND, 5 + offset);
        }
    }

    @Test
    void theTimeoutNamesTheTopicThatDoesNotAdvance() {
        var timeout = new ReadTimeout(CLUSTER, consumer, Duration.ZERO);
        timeout.check();

        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(timeout::check)
                .withMessageContaining("more to read of t.blobs");
    }

    @Test
    void aPauseIsNoTrouble() {
        var timeout = new ReadTimeout(CLUSTER, consumer, Duration.ofDays(1));
        timeout.check();

        assertThatCode(timeout::check).doesNotThrowAnyException();
    }

    @Test
    void aKnownTroubleIsReportedAtOnce() {
        var timeout =
                new ReadTimeout(CLUSTER.watched(() -> Optional.of("its disk is full")), consumer, Duration.ofDays(1));

        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(timeout::check)
                .withMessage("its disk is full");
    }
}
