package dev.tidemark.kafka;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** Writes records to a topic, and waits until Kafka has them. */
public final class RecordPublisher implements AutoCloseable {

    private final Cluster cluster;
    private final String topic;
    private final Producer<String, byte[]> producer;

    public RecordPublisher(Cluster cluster, String topic) {
        this.cluster = cluster;
        this.topic = topic;
        producer = cluster.producer();
    }

    /**
     * Writes records of the topic.
     *
     * @throws KafkaException if Kafka doesn't take one
     */
    public void publish(List<ProducerRecord<String, byte[]>> records) {
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        producer.flush();
        try {
            for (Future<RecordMetadata> record : sent) {
                record.get();
            }
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "Kafka did not take a record of " + topic + ": "
                            + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        cluster.close(producer);
    }
}
