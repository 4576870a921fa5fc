package dev.tidemark.kafka.run;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Writes single records of {@code runs}. */
public final class RunPublisher implements AutoCloseable {

    private static final Serializer<RunRecord> SERIALIZER = new JsonSerde<>(RunRecord.class).serializer();

    private final Topics topics;
    private final RecordPublisher records;

    public RunPublisher(Cluster cluster) {
        topics = cluster.topics();
        records = new RecordPublisher(cluster, topics.runs());
    }

    /**
     * Writes a record, and waits until Kafka has it.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka doesn't take it
     */
    public void publish(RunRecord record) {
        records.publish(List.of(record(topics, record)));
    }

    /** A record of {@code runs} as it is sent. */
    public static ProducerRecord<String, byte[]> record(Topics topics, RunRecord record) {
        return new ProducerRecord<>(topics.runs(), record.run().toString(), SERIALIZER.serialize(null, record));
    }

    @Override
    public void close() {
        records.close();
    }
}
