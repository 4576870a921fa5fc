package dev.tidemark.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the clients of an enumerator or a sweeper hold at worst, if one instance has all partitions. The marker's are in
 * {@code MarkerServiceTest}.
 */
class BuffersTest {

    private static final long HEAP = 256L << 20;

    private static final int RECORD = 250;

    /** Kafka's own default. */
    private static final int MOST_POLLED = 500;

    /** A record takes so many times its bytes once it is parsed, with what the client keeps of it. */
    private static final int PARSED = 4;

    static IntStream partitions() {
        return IntStream.rangeClosed(1, 64);
    }

    @ParameterizedTest
    @MethodSource("partitions")
    void lanesLeaveHalfOfTheHeap(int partitions) {
        var cluster = new Cluster(Map.of("bootstrap.servers", "localhost:9092"), new Topics("t.", partitions));
        Map<String, Object> consumer = cluster.assignedSettings("group");
        Map<String, Object> producer = cluster.transactionalSettings("id", Duration.ofMinutes(1));

        // One fetch is read while the next one comes.
        long fetched = 2L * partitions * number(consumer, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG);
        long waiting = (long) partitions * MOST_POLLED * RECORD * PARSED;
        long batches = Math.min(
                        3L * partitions * number(producer, ProducerConfig.BATCH_SIZE_CONFIG),
                        number(producer, ProducerConfig.BUFFER_MEMORY_CONFIG))
                * partitions;
        long all = fetched + waiting + batches + cluster.buffers().inFlightBytes();

        assertThat(all).isLessThan(HEAP / 2);
    }

    @ParameterizedTest
    @MethodSource("partitions")
    void aBatchIsFetchedWhole(int partitions) {
        var buffers = new Buffers(partitions);

        assertThat(buffers.batchBytes()).isLessThanOrEqualTo(buffers.fetchBytes());
        assertThat(buffers.producerBytes()).isGreaterThan(Topics.LARGEST_RECORD);
    }

    @Test
    void manyPartitionsGetSomething() {
        var buffers = new Buffers(10_000);

        assertThat(buffers.packDigests()).isPositive();
        assertThat(buffers.fetchBytes()).isPositive();
    }

    @Test
    void aThreadIsOneForEachProcessorIfTheHeapIsLargeEnough() {
        assertThat(Buffers.threads(16, HEAP)).isEqualTo(2);
        // What the JVM calls the largest heap is less than it was given, with some collectors.
        assertThat(Buffers.threads(16, 247L << 20)).isEqualTo(2);
        assertThat(Buffers.threads(16, 4L << 30)).isEqualTo(16);
        assertThat(Buffers.threads(1, HEAP)).isEqualTo(1);
        assertThat(Buffers.threads(4, 32L << 20)).isEqualTo(1);
    }

    private static long number(Map<String, Object> settings, String name) {
        return ((Number) settings.get(name)).longValue();
    }
}
