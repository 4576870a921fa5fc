package dev.tidemark.evidence.index;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Writes the rows that records of all topics have in an index: where a record lies, and that it is in a wrong place,
 * was there before or cannot be read. Records of which there are few are kept as they are written. Each partition's
 * records are summed up.
 */
final class RecordRows {

    private final Topics topics;
    private final RunId run;
    private final Map<RecordSource.Extent, Sum> sums = new HashMap<>();

    final Ids<Digest> digests;
    final Ids<String> repositories;
    private final Insert record;
    private final Insert life;
    private final Insert duplicate;
    private final Insert misplaced;
    private final Insert checksum;

    private long lastRecord;

    /** Of one partition. */
    private static final class Sum {
        private long records;
        private Checksum checksum = Checksum.NONE;
    }

    RecordRows(Connection connection, Topics topics, RunId run) {
        this.topics = topics;
        this.run = run;
        digests = new Ids<>(connection, "digest", "text");
        repositories = new Ids<>(connection, "repository", "name");
        record = new Insert(connection, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)");
        life = new Insert(connection, "INSERT INTO life VALUES (?, ?, ?)");
        duplicate = new Insert(connection, "INSERT INTO duplicate VALUES (?, ?, ?, ?)");
        misplaced = new Insert(connection, "INSERT INTO misplaced VALUES (?, ?)");
        checksum = new Insert(connection, "INSERT OR REPLACE INTO checksum VALUES (?, ?, ?, ?)");
        lastRecord = Sql.number(connection, "SELECT coalesce(max(id), 0) FROM record");
        Sql.each(connection, "SELECT topic, partition, records, sum FROM checksum", row -> {
            Sum sum = sum(row.getString(1), row.getInt(2));
            sum.records = row.getLong(3);
            sum.checksum = Checksum.parse(row.getString(4));
        });
    }

    static ObjectReader strict(Class<?> type) {
        return JsonSerde.MAPPER.readerFor(type).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    }

    /** Writes what was summed up. */
    void finish() {
        sums.forEach((of, sum) -> checksum.of(of.topic(), of.partition(), sum.records, sum.checksum.toString()));
    }

    /** Says that a digest is not in the partition in which it belongs, if it is not. */
    void place(Digest digest, Entry entry, long id) {
        if (topics.partition(digest) != entry.partition()) {
            misplaced.of(id, digest + " belongs to partition " + topics.partition(digest));
        }
    }

    void misplaced(long id, String why) {
        misplaced.of(id, why);
    }

    /** Says that a record is of something that was recorded before. */
    void duplicate(String kind, Long digest, Long repository, long id) {
        duplicate.of(kind, digest, repository, id);
    }

    /** The number of a repository; 0 for none. */
    long in(String name) {
        return name == null ? 0L : repositories.of(name);
    }

    /** The name of a constant, in the index. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The name of a tag, or the path of a leftover; empty for none. */
    static String name(String tag, String path) {
        return tag != null ? tag : path != null ? path : "";
    }

    static String json(Object value) {
        try {
            return JsonSerde.MAPPER.writeValueAsString(value);
        } catch (IOException e) {
            throw new IllegalStateException("texts are plain data", e);
        }
    }

    /** The size that a manifest says of the digest with that place; null where it says none. */
    static Long said(Sizes sizes, int place) {
        long bytes = sizes.at(place);
        return bytes == Sizes.UNKNOWN ? null : bytes;
    }

    /** Writes where a record lies. Returns its number. */
    long record(Entry entry, String type) {
        record.of(++lastRecord, entry.topic(), entry.partition(), entry.offset(), entry.timestamp(), type);
        return lastRecord;
    }

    /** Keeps a record as it is written. Returns its number. */
    long told(Entry entry, String type) {
        long id = record(entry, type);
        life.of(id, type, new String(entry.value(), StandardCharsets.UTF_8));
        return id;
    }

    /** Keeps a record in other words than its own. */
    void tell(Entry entry, String type, String json) {
        life.of(record(entry, type), type, json);
    }

    /** Counts the record, and its checksum, for its partition. */
    void sum(Entry entry) {
        Sum sum = sum(entry.topic(), entry.partition());
        sum.records++;
        sum.checksum = sum.checksum.plus(entry.value());
    }

    private Sum sum(String topic, int partition) {
        return sums.computeIfAbsent(new RecordSource.Extent(topic, partition, 0, 0), of -> new Sum());
    }

    /**
     * Whether the record is of this run, or can't be read so far as to tell. Looking costs a fraction of reading, and
     * most records are of other runs.
     */
    boolean ofRun(Entry entry) {
        if (entry.value() == null) {
            return true;
        }
        try (JsonParser parser = JsonSerde.MAPPER.createParser(entry.value())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return true;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("run");
                parser.nextToken();
                if (found) {
                    return run.text().equals(parser.getText());
                }
                parser.skipChildren();
            }
            return true;
        } catch (IOException e) {
            return true;
        }
    }

    /** The record; null if it can't be read: that it is there is written down. */
    <T> T read(ObjectReader reader, Entry entry) {
        String why = "it has no value";
        if (entry.value() != null) {
            try {
                T value = reader.readValue(entry.value());
                if (value != null) {
                    return value;
                }
            } catch (IOException | RuntimeException e) {
                why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            }
        }
        tell(entry, "unreadable", json(why));
        return null;
    }
}
