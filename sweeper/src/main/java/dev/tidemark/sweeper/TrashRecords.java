package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.schemas.TrashRecord.Outcome;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.LayoutEntry;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the topic {@code trash}. A file's destruction is recorded before it is destroyed. */
final class TrashRecords implements TrashJournal {

    private static final Logger LOG = LoggerFactory.getLogger(TrashRecords.class);
    private static final Serializer<TrashRecord> RECORDS = new JsonSerde<>(TrashRecord.class).serializer();

    private final String topic;
    private final RecordPublisher records;

    TrashRecords(Cluster cluster) {
        topic = cluster.topics().trash();
        records = new RecordPublisher(cluster, topic);
    }

    @Override
    public void restored(Trashed file, String why) {
        LOG.info("{} restored {}: {}", file.run(), file.path(), why);
        write(List.of(file), Outcome.RESTORED, why);
    }

    @Override
    public void purging(List<Trashed> files) {
        write(files, Outcome.PURGED, null);
    }

    private void write(List<Trashed> files, Outcome outcome, String why) {
        records.publish(files.stream()
                .flatMap(file -> record(file, outcome, why).stream())
                .toList());
    }

    private Optional<ProducerRecord<String, byte[]>> record(Trashed file, Outcome outcome, String why) {
        return LayoutEntry.of(file.path()).map(entry -> {
            var record = new TrashRecord(
                    file.run(),
                    entry.kind(),
                    entry.digest(),
                    entry.repository(),
                    outcome,
                    file.size(),
                    why,
                    System.currentTimeMillis());
            return new ProducerRecord<>(topic, entry.digest().toString(), RECORDS.serialize(null, record));
        });
    }

    @Override
    public void close() {
        records.close();
    }
}
