package dev.tidemark.kafka.run;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Serializer;

/** Writes single records of {@code runs}. */
public final class RunPublisher implements AutoCloseable {

    private static final Serializer<RunRecord> SERIALIZER = new JsonSerde<>(RunRecord.class).serializer();

    private final Cluster cluster;
    private final Producer<String, byte[]> producer;

    public RunPublisher(Cluster cluster) {
        this.cluster = cluster;
        producer = cluster.producer();
    }

    /**
     * Writes a record, and waits until Kafka has it.
     *
     * @throws KafkaException if Kafka doesn't take it
     */
    public void publish(RunRecord record) {
        try {
            var sent = producer.send(record(cluster.topics(), record));
            producer.flush();
            sent.get();
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "Kafka did not take a record of " + cluster.topics().runs() + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** A record of {@code runs} as it is sent. */
    public static ProducerRecord<String, byte[]> record(Topics topics, RunRecord record) {
        return new ProducerRecord<>(topics.runs(), record.run().toString(), SERIALIZER.serialize(null, record));
    }

    @Override
    public void close() {
        cluster.close(producer);
    }
}
