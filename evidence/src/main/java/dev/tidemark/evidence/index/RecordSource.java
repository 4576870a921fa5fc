package dev.tidemark.evidence.index;

import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The source of a run's records: the topics of a cluster or, in a test, a list. */
public interface RecordSource {

    /**
     * The offsets of a partition that are there to be read.
     *
     * @param start the first offset that is still there
     * @param end the offset after the last record that is to be read
     */
    record Extent(String topic, int partition, long start, long end) {}

    /** A record as it came. */
    record Entry(String topic, int partition, long offset, long timestamp, byte[] key, byte[] value) {

        /** The record in its value; empty if it has none, or one that can't be read: that is for the audit to find. */
        <T> Optional<T> read(ObjectReader reader) {
            if (value == null) {
                return Optional.empty();
            }
            try {
                return Optional.of(reader.readValue(value));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }

    /** The partitions of these topics, with their offsets now. A topic that isn't there has no partitions. */
    List<Extent> extents(Collection<String> topics);

    /** The first offset of each partition that was written at that time or later; its end if none was. */
    Map<Extent, Long> since(Collection<Extent> extents, long time);

    /**
     * Hands out the records from these offsets on to the partitions' ends: each partition's in their order.
     */
    void read(Map<Extent, Long> from, Consumer<Entry> each);
}
