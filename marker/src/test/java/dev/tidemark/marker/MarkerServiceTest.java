package dev.tidemark.marker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Blobs;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MarkerServiceTest {

    private static final long HEAP = 256L << 20;
    private static final int BYTES_OF_A_PARSED_DIGEST = 300;

    /** The buffer in which an open batch is compressed, beside the producer's own. */
    private static final int BYTES_OF_LZ4 = 128 << 10;

    @Test
    void aTransactionThatIsOverWithoutItsProducerIsNoReasonToFailARun() {
        var lost = new StreamsException(
                "Error encountered trying to commit",
                new KafkaException("fatal", new InvalidTxnStateException("invalid state")));

        assertThat(MarkerService.onlyTransactionLost(lost)).isTrue();
    }

    @Test
    void aRunIsOverWhenItHasFailedOrWasCancelledOrALaterOneWasAskedFor() {
        var first = new RunId("20260101-000000");
        var second = new RunId("20260101-000001");
        Optional<Run> none = Optional.empty();
        Optional<Run> requested = Run.after(
                none, new RunRecord.Requested(first, 1, new Options(1, true, true), 75, "me", null, null, null));
        Optional<Run> decided = Run.after(
                Run.after(
                        requested,
                        new RunRecord.Enumerated(
                                first,
                                "here",
                                0,
                                0,
                                0,
                                0,
                                0,
                                0,
                                Map.of(),
                                List.of(),
                                0,
                                Checksum.NONE,
                                DescriptorCache.UNKNOWN,
                                null,
                                null,
                                Fingerprint.NONE,
                                OtherFiles.NONE)),
                new RunRecord.Decided(first, 0, 1, 1, Totals.NONE, Checksum.NONE));

        assertThat(MarkerService.over(none, first)).as("nothing is known").isFalse();
        assertThat(MarkerService.over(requested, first)).isFalse();
        assertThat(MarkerService.over(requested, second))
                .as("its request is not seen yet")
                .isFalse();
        assertThat(MarkerService.over(decided, first))
                .as("with the marker's own decision")
                .isFalse();
        assertThat(MarkerService.over(Run.after(requested, new RunRecord.Failed(first, "enumerator", "why")), first))
                .isTrue();
        assertThat(MarkerService.over(Run.after(requested, new RunRecord.Cancelled(first, "why")), first))
                .isTrue();
        assertThat(MarkerService.over(
                        Run.after(
                                requested,
                                new RunRecord.Requested(
                                        second, 2, new Options(2, true, true), 75, "me", null, null, null)),
                        first))
                .isTrue();
    }

    @Test
    void anyOtherErrorFailsTheRun() {
        assertThat(MarkerService.onlyTransactionLost(
                        new StreamsException("record", new RecordTooLargeException("too large"))))
                .isFalse();
        assertThat(MarkerService.onlyTransactionLost(new OutOfMemoryError())).isFalse();
    }

    static IntStream partitions() {
        return IntStream.rangeClosed(1, 64);
    }

    /**
     * All at once at worst, if one instance has all partitions: rows, and what is fetched, waits, is at hand, and is on
     * its way to Kafka.
     */
    @ParameterizedTest
    @MethodSource("partitions")
    void buffersLeaveAnEighthOfTheHeapAtAnyNumberOfPartitions(int partitions) {
        int threads = Buffers.threads(16, HEAP);
        var settings = new MarkerSettings(Path.of("state"), threads, 1, 1, MarkerSettings.COMMIT_INTERVAL, 0);
        var configuration = new HashMap<>(MarkerService.configuration(
                new Topics("t.", partitions), settings, Map.of("bootstrap.servers", "localhost:9092")));
        var streams = new StreamsConfig(configuration);
        Map<String, Object> consumer = streams.getMainConsumerConfigs("group", "client", 0);
        Map<String, Object> producer = streams.getProducerConfigs("client");
        int digests = new Buffers(partitions).packDigests();
        byte[] pack = pack(digests);

        long sources = 4L * partitions;
        long fetched = sources
                * number(
                        consumer,
                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                        ConsumerConfig.DEFAULT_MAX_PARTITION_FETCH_BYTES);
        long waiting = sources * streams.getInt(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG) * pack.length
                + (long) (fetched * uncompressed(pack));
        long atHand = sources * digests * BYTES_OF_A_PARSED_DIGEST;
        long batches = partitions + 3L * Math.ceilDiv(partitions, threads);
        long sending = threads * (number(producer, ProducerConfig.BUFFER_MEMORY_CONFIG, 0) + batches * BYTES_OF_LZ4);

        assertThat(HEAP / 4 + fetched + waiting + atHand + sending).isLessThan(HEAP / 8 * 7);
    }

    /** Restoring a task is done beside the others, and reads its two changelogs. */
    @ParameterizedTest
    @MethodSource("partitions")
    void changelogsAreFetchedInTheSameMeasure(int partitions) {
        var settings = new MarkerSettings(Path.of("state"), 2, 1, 1, MarkerSettings.COMMIT_INTERVAL, 0);
        var configuration = new HashMap<>(MarkerService.configuration(
                new Topics("t.", partitions), settings, Map.of("bootstrap.servers", "localhost:9092")));
        Map<String, Object> restoring = new StreamsConfig(configuration).getRestoreConsumerConfigs("client");

        assertThat(2L
                        * partitions
                        * number(
                                restoring,
                                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                                ConsumerConfig.DEFAULT_MAX_PARTITION_FETCH_BYTES))
                .isLessThan(HEAP / 16);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none, classic", "classic, classic", "CLASSIC, classic", "consumer, streams", "CONSUMER, streams"})
    void theBrokersShareOutThePartitionsIfTheSettingsWantItSo(String named, String ofStreams) {
        var kafka = new HashMap<String, Object>(Map.of("bootstrap.servers", "localhost:9092"));
        if (named != null) {
            kafka.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, named);
        }
        var settings = new MarkerSettings(Path.of("state"), 2, 1, 1, MarkerSettings.COMMIT_INTERVAL, 0);

        var streams = new StreamsConfig(MarkerService.configuration(new Topics("t.", 4), settings, kafka));

        assertThat(streams.getString(StreamsConfig.GROUP_PROTOCOL_CONFIG)).isEqualTo(ofStreams);
    }

    private static long number(Map<String, Object> settings, String name, long byDefault) {
        return Long.parseLong(settings.getOrDefault(name, byDefault).toString());
    }

    private static byte[] pack(int digests) {
        var blobs = IntStream.range(0, digests)
                .mapToObj(i -> new Blob(
                        Digest.Algorithm.SHA256.of(("blob " + i).getBytes(UTF_8)),
                        100_000_000 + i * 7919L,
                        1_767_225_600_000L + i * 104_729L,
                        null))
                .toList();
        return new JsonSerde<>(EnumeratedRecord.class)
                .serializer()
                .serialize(null, new Blobs(new RunId("20260101-000000"), blobs));
    }

    /** How many times larger a pack is than what is fetched of it. */
    private static double uncompressed(byte[] pack) {
        try (var compressed = new ByteBufferOutputStream(pack.length)) {
            try (OutputStream out =
                    Compression.lz4().build().wrapForOutput(compressed, RecordBatch.CURRENT_MAGIC_VALUE)) {
                out.write(pack);
            }
            return (double) pack.length / compressed.position();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
