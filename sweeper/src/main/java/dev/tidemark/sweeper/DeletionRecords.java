package dev.tidemark.sweeper;

import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.sweeper.order.Batch;
import dev.tidemark.sweeper.order.PartitionProgress;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Records what became of a batch: in the topic {@code deletions}, in the partition's progress, in the metrics, and in
 * the log if it was not deleted.
 *
 * @param topic the name of {@code deletions}
 */
record DeletionRecords(String topic, SweeperMeter meter) {

    private static final Serializer<DeletionRecord> DELETIONS = new JsonSerde<>(DeletionRecord.class).serializer();

    void send(Batch batch, PartitionProgress at, Lane lane) {
        for (Batch.Done done : batch.done(System.currentTimeMillis())) {
            at.stillNamed(done.eligible());
            byte[] value = DELETIONS.serialize(null, done.deletion());
            at.done(done.deletion(), value);
            lane.send(new ProducerRecord<>(
                    topic, lane.partition(), done.eligible().digest().toString(), value));
            meter.done(done.deletion());
            SweepLog.write(done);
        }
    }
}
