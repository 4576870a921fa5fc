package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;

/** Tells which partitions no longer have all that the run wrote. Retention takes the oldest records first. */
final class Retention {

    /** Clocks of those who write differ. */
    private static final Duration SLACK = Duration.ofHours(1);

    private final long began;
    private final Map<String, Map<Integer, Start>> starts = new HashMap<>();

    /**
     * Where a partition begins.
     *
     * @param at when its first record was written; null if there is none
     */
    private record Start(long offset, Long at) {}

    /** @param began when the run was asked for, in ms since the epoch; the largest number if that isn't known */
    Retention(Connection connection, long began) {
        this.began = began;
        Sql.each(connection, "SELECT topic, partition, log_start, start_at FROM source", row -> {
            long at = row.getLong(4);
            Long first = row.wasNull() ? null : at;
            starts.computeIfAbsent(row.getString(1), topic -> new HashMap<>())
                    .put(row.getInt(2), new Start(row.getLong(3), first));
        });
    }

    private Start start(String topic, int partition) {
        return starts.getOrDefault(topic, Map.of()).get(partition);
    }

    /** Whether what the run wrote first may be gone. */
    boolean cut(String topic, int partition) {
        Start start = start(topic, partition);
        return start == null
                || (start.offset() > 0
                        && (start.at() == null || began == Long.MAX_VALUE || start.at() >= began - SLACK.toMillis()));
    }

    /** Says in words from where on a partition that is cut still has its records. */
    String words(String topic, int partition) {
        Start start = start(topic, partition);
        if (start == null) {
            return topic + "-" + partition + " is not there";
        }
        return topic + "-" + partition + " begins at offset " + start.offset()
                + (start.at() == null
                        ? ", and is empty"
                        : ", written " + Instant.ofEpochMilli(start.at()).truncatedTo(ChronoUnit.SECONDS))
                + ": retention has taken what was before";
    }

    /** The partitions of a topic, and whether each was cut. */
    Map<Integer, Boolean> partitions(String topic) {
        var partitions = new HashMap<Integer, Boolean>();
        starts.getOrDefault(topic, Map.of())
                .keySet()
                .forEach(partition -> partitions.put(partition, cut(topic, partition)));
        return partitions;
    }
}
