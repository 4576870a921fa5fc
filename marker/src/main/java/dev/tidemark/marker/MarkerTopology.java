package dev.tidemark.marker;

import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.Stores;

/**
 * The marker's topology, one task a partition: {@code manifests}, {@code blobs}, {@code layers} and {@code marks} come
 * in, {@code marks}, {@code eligible} and {@code runs} go out; and, by {@link SetAsideHandler}, to {@code rejected}
 * what can't be worked off.
 */
public final class MarkerTopology implements Supplier<Topology> {

    static final String ROWS_STORE = "rows";
    static final String PROGRESS_STORE = "progress";
    static final String MARK = "mark";
    static final String MARKS_SINK = "to-marks";
    static final String ELIGIBLE_SINK = "to-eligible";
    static final String DRY_RUN_SINK = "to-eligible-dry-run";
    static final String RUNS_SINK = "to-runs";

    private final Topics topics;
    private final MarkerMeter meter;
    private final Predicate<RunId> over;

    /**
     * @param over whether a run is known to have ended; then nothing more is done for it. It may be known late, and
     *     differently from task to task
     */
    public MarkerTopology(Topics topics, MarkerMeter meter, Predicate<RunId> over) {
        this.topics = topics;
        this.meter = meter;
        this.over = over;
    }

    @Override
    public Topology get() {
        var enumerated = arrived(new JsonSerde<>(EnumeratedRecord.class).parser());
        var marks = new JsonSerde<>(MarksRecord.class);
        Serializer<MarkerProcessor.Written> eligible = (topic, record) -> record.value();
        StreamPartitioner<String, MarkerProcessor.Written> own = partitioner(MarkerProcessor.Written::partition);
        var runs = new JsonSerde<>(RunRecord.class).serializer();
        var key = new StringSerializer();
        return new Topology()
                .addSource("from-manifests", new StringDeserializer(), enumerated, topics.manifests())
                .addSource("from-blobs", new StringDeserializer(), enumerated, topics.blobs())
                .addSource("from-layers", new StringDeserializer(), enumerated, topics.layers())
                .addSource("from-marks", new StringDeserializer(), arrived(marks.parser()), topics.marks())
                .addProcessor(
                        MARK,
                        () -> new MarkerProcessor(topics, meter, over),
                        "from-manifests",
                        "from-blobs",
                        "from-layers",
                        "from-marks")
                .addStateStore(
                        new RowStore.Builder(Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(ROWS_STORE), Serdes.Bytes(), Serdes.ByteArray())
                                .withCachingDisabled()),
                        MARK)
                // Saved with every record, so the cache is what makes it one write a commit.
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.inMemoryKeyValueStore(PROGRESS_STORE),
                                        Serdes.String(),
                                        Serdes.ByteArray())
                                .withCachingEnabled()
                                .withLoggingEnabled(Map.of()),
                        MARK)
                .addSink(
                        MARKS_SINK,
                        topics.marks(),
                        key,
                        marks.serializer(),
                        this.<MarksRecord>partitioner(MarksRecord::to),
                        MARK)
                .addSink(ELIGIBLE_SINK, topics.eligible(), key, eligible, own, MARK)
                .addSink(DRY_RUN_SINK, topics.eligibleDryRun(), key, eligible, own, MARK)
                .addSink(RUNS_SINK, topics.runs(), key, runs, MARK);
    }

    private static <T> Deserializer<MarkerProcessor.Arrived> arrived(Deserializer<Parsed<T>> parser) {
        return (topic, bytes) -> new MarkerProcessor.Arrived(bytes, parser.deserialize(topic, bytes));
    }

    /** The interface's one abstract method is deprecated, and there is no other to implement yet. */
    @SuppressWarnings("removal")
    private <V> StreamPartitioner<String, V> partitioner(ToIntFunction<V> of) {
        return (topic, key, record, partitions) -> Optional.of(Set.of(of.applyAsInt(record)));
    }
}
