package dev.tidemark.sweeper.trash;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.schemas.TrashRecord.Due;
import dev.tidemark.schemas.TrashRecord.Outcome;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the topic {@code trash}. A file's destruction is recorded before it begins, so that none goes unrecorded, and
 * again when it is done: a storage may refuse it.
 */
final class TrashRecords implements TrashJournal {

    private static final Logger LOG = LoggerFactory.getLogger(TrashRecords.class);
    private static final Serializer<TrashRecord> RECORDS = new JsonSerde<>(TrashRecord.class).serializer();

    private static final int TOGETHER = 500;

    private final String topic;
    private final RecordPublisher records;

    TrashRecords(Cluster cluster) {
        topic = cluster.topics().trash();
        records = new RecordPublisher(cluster, topic);
    }

    /** The record of a file that is back; empty for one that no record is of, such as an entry of a tag's history. */
    static Optional<TrashRecord> restored(Trashed file, String why, String by) {
        return record(file, Outcome.RESTORED, why, by, null);
    }

    /** The record of a file that is destroyed. */
    static Optional<TrashRecord> purged(Trashed file, String by, long least, long looked) {
        return record(file, Outcome.PURGED, null, by, new Due(file.since(), least, looked));
    }

    private static Optional<TrashRecord> record(Trashed file, Outcome outcome, String why, String by, Due due) {
        return LayoutEntry.of(file.path())
                .map(entry -> record(file, entry, null, null, outcome, why, by, due))
                .or(() -> LayoutEntry.uploadOf(file.path())
                        .map(upload -> record(
                                file, upload.entry(), null, Layout.uploadPath(upload.id()), outcome, why, by, due)))
                .or(() -> LayoutEntry.tagOf(file.path())
                        .map(tag -> record(
                                file,
                                new LayoutEntry(Kind.TAG, tag.repository(), null),
                                tag.tag(),
                                null,
                                outcome,
                                why,
                                by,
                                due)));
    }

    private static TrashRecord record(
            Trashed file, LayoutEntry entry, String tag, String path, Outcome outcome, String why, String by, Due due) {
        return new TrashRecord(
                file.run(),
                entry.kind(),
                entry.digest(),
                entry.repository(),
                tag,
                path,
                outcome,
                file.size(),
                why,
                by,
                due,
                System.currentTimeMillis());
    }

    @Override
    public void restored(Trashed file, String why) {
        LOG.info("{} restored {}: {}", file.run(), file.path(), why);
        write(restored(file, why, null).stream().toList());
    }

    @Override
    public void purging(List<Trashed> files, long least, long looked) {
        write(files, file -> record(file, Outcome.PURGING, null, null, new Due(file.since(), least, looked)));
    }

    @Override
    public void purged(List<Trashed> files, long least, long looked) {
        write(files, file -> purged(file, null, least, looked));
    }

    private void write(List<Trashed> files, Function<Trashed, Optional<TrashRecord>> record) {
        write(files.stream().flatMap(file -> record.apply(file).stream()).toList());
    }

    /** Writes records, and waits until Kafka has them. */
    void write(List<TrashRecord> some) {
        for (int from = 0; from < some.size(); from += TOGETHER) {
            records.publish(some.subList(from, Math.min(some.size(), from + TOGETHER)).stream()
                    .map(record -> new ProducerRecord<>(topic, record.key(), RECORDS.serialize(null, record)))
                    .toList());
        }
    }

    @Override
    public void close() {
        records.close();
    }
}
