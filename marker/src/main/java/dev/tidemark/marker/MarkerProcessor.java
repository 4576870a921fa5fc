package dev.tidemark.marker;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.marker.rows.MarkStore;
import dev.tidemark.marker.rows.RowCache;
import dev.tidemark.marker.rules.MarkPacks;
import dev.tidemark.marker.rules.Marker;
import dev.tidemark.marker.rules.Outbox;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries records between Kafka Streams and the {@link Marker} of a partition. */
final class MarkerProcessor implements Processor<String, MarkerProcessor.Arrived, String, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(MarkerProcessor.class);

    /** Rows that one call decides on: well under a second's work, so that a task never misses its poll. */
    private static final int SLICE = 50_000;

    private static final Serializer<EligibleRecord> ELIGIBLE = new JsonSerde<>(EligibleRecord.class).serializer();
    private static final Duration BETWEEN_SLICES = Duration.ofMillis(50);
    private static final String PROGRESS_KEY = "progress";

    private final Topics topics;
    private final MarkerMeter meter;
    private final Predicate<RunId> over;
    private final RunFailures failures;
    private Marker marker;
    private ProcessorContext<String, Object> context;

    /**
     * @param over whether a run is known to have ended
     */
    MarkerProcessor(Topics topics, MarkerMeter meter, Predicate<RunId> over) {
        this.topics = topics;
        this.meter = meter;
        this.over = over;
        failures = new RunFailures(topics, MarkerService.NAME);
    }

    /**
     * A record as it came, and as it was understood. Kafka Streams keeps the bytes as well, but only until something is
     * sent.
     */
    record Arrived(byte[] bytes, Parsed<?> parsed) {}

    @Override
    public void init(ProcessorContext<String, Object> context) {
        this.context = context;
        RowStore rows = context.getStateStore(MarkerTopology.ROWS_STORE);
        marker = new Marker(
                context.taskId().partition(),
                new MarkPacks(topics.partitions(), topics::partition, new Buffers(topics.partitions()).packDigests()),
                over,
                new StreamsStore(rows, context.getStateStore(MarkerTopology.PROGRESS_STORE)),
                new StreamsOutbox(context, failures),
                RowCache.MOST / topics.partitions());
        rows.beforeCommit(marker::beforeCommit);
        context.schedule(BETWEEN_SLICES, PunctuationType.WALL_CLOCK_TIME, now -> punctuate());
    }

    @Override
    public void process(Record<String, Arrived> record) {
        switch (record.value().parsed()) {
            case Parsed.Readable<?> readable -> {
                try {
                    process(readable.value());
                } catch (KafkaException e) {
                    // Kafka or the store is at fault, and no record: another thread tries it again.
                    throw e;
                } catch (RuntimeException e) {
                    throw setAside(record.value().bytes(), "can't be worked off: " + e, e);
                }
            }
            case Parsed.Unreadable<?> unreadable ->
                throw setAside(record.value().bytes(), "can't be read: " + unreadable.why(), null);
        }
    }

    private void process(Object record) {
        switch (record) {
            case EnumeratedRecord enumerated -> {
                marker.on(enumerated);
                meter.enumerated(records(enumerated));
            }
            case MarksRecord.Marks marks -> {
                marker.on(marks);
                meter.marks(marks.marks().stream()
                        .mapToLong(MarksRecord.Marks.Entry::marks)
                        .sum());
            }
            case MarksRecord.EndOfSuperstep end -> {
                marker.on(end);
                meter.superstep(end.superstep());
                decide();
            }
            default -> throw new IllegalStateException("no topic of the marker carries " + record.getClass());
        }
    }

    private static int records(EnumeratedRecord record) {
        return switch (record) {
            case EnumeratedRecord.Manifests pack -> pack.manifests().size();
            case EnumeratedRecord.Blobs pack -> pack.blobs().size();
            case EnumeratedRecord.Layers pack -> pack.size();
            default -> 1;
        };
    }

    private SetAsideException setAside(byte[] record, String why, RuntimeException cause) {
        RecordMetadata at = context.recordMetadata().orElseThrow();
        String where = at.topic() + "-" + at.partition() + "@" + at.offset();
        LOG.error("{} is set aside in {}: it {}", where, topics.rejected(), why, cause);
        var rejected = new ProducerRecord<>(topics.rejected(), bytes(where), record);
        rejected.headers().add("why", bytes(why));
        return new SetAsideException(
                Stream.concat(Stream.of(rejected), failed(where + " " + why)).toList(), cause);
    }

    private void punctuate() {
        try {
            decide();
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            int partition = context.taskId().partition();
            LOG.error("partition {} can't be decided", partition, e);
            throw new SetAsideException(
                    failed("partition " + partition + " can't be decided: " + e).toList(), e);
        }
    }

    private Stream<ProducerRecord<byte[], byte[]>> failed(String why) {
        return marker.abandon().map(run -> failures.record(run, why)).stream()
                .map(record -> new ProducerRecord<>(record.topic(), bytes(record.key()), record.value()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void decide() {
        if (marker.deciding()) {
            marker.decide(SLICE);
        }
    }

    /** A record as it is written, for that partition. */
    record Written(int partition, byte[] value) {}

    private record StreamsOutbox(ProcessorContext<String, Object> context, RunFailures failures) implements Outbox {

        @Override
        public void marks(MarksRecord record) {
            forward(null, record, MarkerTopology.MARKS_SINK);
        }

        @Override
        public byte[] eligible(boolean dryRun, EligibleRecord record) {
            byte[] value = ELIGIBLE.serialize(null, record);
            forward(
                    record instanceof EligibleRecord.Eligible eligible
                            ? eligible.digest().toString()
                            : null,
                    new Written(context.taskId().partition(), value),
                    dryRun ? MarkerTopology.DRY_RUN_SINK : MarkerTopology.ELIGIBLE_SINK);
            return value;
        }

        @Override
        public void decided(RunRecord.Decided record) {
            forward(record.run().toString(), record, MarkerTopology.RUNS_SINK);
        }

        @Override
        public void failed(RunId run, String why) {
            forward(run.toString(), failures.of(run, why), MarkerTopology.RUNS_SINK);
        }

        @Override
        public void flush() {
            context.commit();
        }

        private void forward(String key, Object record, String sink) {
            context.forward(new Record<>(key, record, context.currentSystemTimeMs()), sink);
        }
    }

    private record StreamsStore(RowStore rows, KeyValueStore<String, byte[]> progressStore) implements MarkStore {

        @Override
        public byte[] get(byte[] key) {
            return rows.get(key);
        }

        @Override
        public void putAll(List<Entry> entries) {
            rows.putAll(entries);
        }

        @Override
        public void delete(byte[] key) {
            rows.delete(key);
        }

        @Override
        public Cursor from(byte[] key) {
            return new StreamsCursor(rows.from(key));
        }

        @Override
        public byte[] progress() {
            return progressStore.get(PROGRESS_KEY);
        }

        @Override
        public void saveProgress(byte[] progress) {
            progressStore.put(PROGRESS_KEY, progress);
        }
    }

    private record StreamsCursor(KeyValueIterator<Bytes, byte[]> iterator) implements MarkStore.Cursor {

        @Override
        public boolean hasNext() {
            return iterator.hasNext();
        }

        @Override
        public MarkStore.Entry next() {
            KeyValue<Bytes, byte[]> row = iterator.next();
            return new MarkStore.Entry(row.key.get(), row.value);
        }

        @Override
        public void close() {
            iterator.close();
        }
    }
}
