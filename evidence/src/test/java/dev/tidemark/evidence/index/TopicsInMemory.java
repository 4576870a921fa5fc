package dev.tidemark.evidence.index;

import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Topics as lists of records, with gaps between the offsets where Kafka has the ends of transactions. */
public final class TopicsInMemory implements RecordSource {

    /** A partition: what is in it, and where it begins. */
    public static final class Partition {
        public final List<Entry> entries = new ArrayList<>();
        public long start;
        public long end;
    }

    private final Random random;
    /** By topic, then by partition. */
    public final Map<String, Map<Integer, Partition>> partitions = new TreeMap<>();

    private long clock = 1_795_000_000_000L;

    TopicsInMemory(Random random) {
        this.random = random;
    }

    static TopicsInMemory of(Topics topics, int workPartitions, Random random) {
        var memory = new TopicsInMemory(random);
        for (String topic : RunLoader.topics(topics)) {
            int count = topic.equals(topics.runs())
                            || topic.equals(topics.workDone())
                            || topic.equals(topics.rejected())
                            || topic.equals(topics.trash())
                            || topic.equals(topics.tags())
                    ? 1
                    : topic.equals(topics.work()) ? workPartitions : topics.partitions();
            for (int p = 0; p < count; p++) {
                memory.partition(topic, p);
            }
        }
        return memory;
    }

    public Partition partition(String topic, int partition) {
        return partitions.computeIfAbsent(topic, t -> new TreeMap<>()).computeIfAbsent(partition, p -> new Partition());
    }

    /** Appends a record, and returns its value as it is written. */
    public <T> byte[] append(String topic, int partition, String key, Class<T> type, T record) {
        byte[] value = written(type, record);
        append(topic, partition, key, value);
        return value;
    }

    void append(String topic, int partition, String key, byte[] value) {
        Partition at = partition(topic, partition);
        at.end += random.nextInt(3) == 0 ? 1 : 0;
        at.entries.add(new Entry(
                topic, partition, at.end, clock++, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value));
        at.end++;
    }

    public static <T> byte[] written(Class<T> type, T record) {
        try (var serde = new JsonSerde<>(type)) {
            return serde.serializer().serialize("", record);
        }
    }

    public static <T> T read(Class<T> type, Entry entry) {
        try {
            return JsonSerde.MAPPER.readValue(entry.value(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(new String(entry.value(), StandardCharsets.UTF_8), e);
        }
    }

    /** A copy that can be tampered with. */
    public TopicsInMemory copy() {
        var copy = new TopicsInMemory(random);
        copy.clock = clock;
        partitions.forEach((topic, all) -> all.forEach((number, partition) -> {
            Partition to = copy.partition(topic, number);
            to.entries.addAll(partition.entries);
            to.start = partition.start;
            to.end = partition.end;
        }));
        return copy;
    }

    public List<Entry> all() {
        return partitions.values().stream()
                .flatMap(of -> of.values().stream())
                .flatMap(partition -> partition.entries.stream())
                .toList();
    }

    @Override
    public List<Extent> extents(Collection<String> topics) {
        List<Extent> extents = new ArrayList<>();
        for (String topic : topics) {
            partitions
                    .getOrDefault(topic, Map.of())
                    .forEach((number, partition) ->
                            extents.add(new Extent(topic, number, partition.start, partition.end)));
        }
        return extents;
    }

    @Override
    public Map<Extent, Long> since(Collection<Extent> extents, long time) {
        var since = new HashMap<Extent, Long>();
        for (Extent extent : extents) {
            since.put(
                    extent,
                    partition(extent.topic(), extent.partition()).entries.stream()
                            .filter(entry -> entry.timestamp() >= time)
                            .mapToLong(Entry::offset)
                            .findFirst()
                            .orElse(extent.end()));
        }
        return since;
    }

    @Override
    public void read(Map<Extent, Long> from, Consumer<Entry> each) {
        from.forEach((extent, offset) -> partition(extent.topic(), extent.partition()).entries.stream()
                .filter(entry -> entry.offset() >= offset && entry.offset() < extent.end())
                .forEach(each));
    }
}
