package dev.tidemark.evidence.index;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The topic {@code deletions}, of all runs: which run deleted what. It takes a look at one topic to learn from it which
 * run's index is worth the making.
 */
public final class DeletionLog {

    private static final ObjectReader DELETIONS = JsonSerde.MAPPER.readerFor(DeletionRecord.class);

    private DeletionLog() {}

    /**
     * The deletions of digests, as far back as the topic still goes.
     *
     * @param exact the one digest that is wanted: only its partition is read. Null if there may be several
     */
    public static List<DeletionRecord> find(Cluster cluster, Predicate<Digest> wanted, Digest exact) {
        var found = new ArrayList<DeletionRecord>();
        String topic = cluster.topics().deletions();
        try (var source = new TopicSource(cluster)) {
            Map<RecordSource.Extent, Long> from = new HashMap<>();
            source.extents(List.of(topic)).stream()
                    .filter(extent -> exact == null
                            || extent.partition() == cluster.topics().partition(exact))
                    .forEach(extent -> from.put(extent, extent.start()));
            source.read(from, entry -> record(entry, wanted).ifPresent(found::add));
        }
        return found;
    }

    /** A record whose key says another digest is not looked into. */
    private static Optional<DeletionRecord> record(RecordSource.Entry entry, Predicate<Digest> wanted) {
        if (entry.value() == null || entry.key() == null) {
            return Optional.empty();
        }
        if (Digest.tryParse(new String(entry.key(), StandardCharsets.UTF_8))
                .filter(wanted)
                .isEmpty()) {
            return Optional.empty();
        }
        return entry.read(DELETIONS);
    }
}
