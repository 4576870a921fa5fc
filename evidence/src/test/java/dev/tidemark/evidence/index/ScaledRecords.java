package dev.tidemark.evidence.index;

import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.schemas.Checksum;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The records of a run, topic by topic: numbered by partition, and added up where a barrier has their checksum. */
final class ScaledRecords {

    private final long[] offsets = new long[64];
    private final Map<String, Checksum> sums = new HashMap<>();
    private String topic;
    private Consumer<Entry> each;

    void begin(String topic, Consumer<Entry> each) {
        this.topic = topic;
        this.each = each;
        Arrays.fill(offsets, 0);
        sums.keySet().removeIf(key -> key.matches(Pattern.quote(topic) + "\\d+"));
    }

    String topic() {
        return topic;
    }

    <T> byte[] send(int partition, Class<T> type, T record) {
        byte[] value = TopicsInMemory.written(type, record);
        each.accept(new Entry(topic, partition, offsets[partition]++, 1_795_000_000_000L, null, value));
        return value;
    }

    /** Sends what a barrier, or the run's life, has the checksum of. */
    <T> void sum(int partition, Class<T> type, T record) {
        sums.merge(topic + partition, Checksum.of(send(partition, type, record)), Checksum::plus);
    }

    /** Of what a partition had when it was read last. */
    Checksum sum(String of, int partition) {
        return sums.getOrDefault(of + partition, Checksum.NONE);
    }
}
