package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.TrashRecord;
import dev.tidemark.schemas.TrashRecord.Outcome;
import dev.tidemark.storage.Trash.Trashed;
import dev.tidemark.storage.layout.LayoutEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the topic {@code trash}. A file's destruction is recorded before it is destroyed. */
final class TrashRecords implements TrashJournal {

    private static final Logger LOG = LoggerFactory.getLogger(TrashRecords.class);
    private static final Serializer<TrashRecord> RECORDS = new JsonSerde<>(TrashRecord.class).serializer();

    private final Cluster cluster;
    private final Producer<String, byte[]> producer;

    TrashRecords(Cluster cluster) {
        this.cluster = cluster;
        producer = cluster.producer();
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
        List<Future<RecordMetadata>> sent = files.stream()
                .flatMap(file -> record(file, outcome, why).stream())
                .map(producer::send)
                .toList();
        producer.flush();
        try {
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "Kafka did not take a record of " + cluster.topics().trash() + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
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
            return new ProducerRecord<>(
                    cluster.topics().trash(), entry.digest().toString(), RECORDS.serialize(null, record));
        });
    }

    @Override
    public void close() {
        cluster.close(producer);
    }
}
