package dev.tidemark.enumerator.publish;

import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.testkit.Held;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A lane that keeps what is sent on it. */
public final class RecordingLane implements Lane {

    public final List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
    boolean stopped;
    RuntimeException failure;

    @Override
    public int partition() {
        return 0;
    }

    @Override
    public void send(ProducerRecord<String, byte[]> record) {
        if (failure != null) {
            throw failure;
        }
        sent.add(record);
    }

    @Override
    public void commit() {
        throw new AssertionError("a publisher does not commit its lane");
    }

    @Override
    public boolean stopped() {
        return stopped;
    }

    @Override
    public boolean held() {
        throw new AssertionError("a publisher need not hold its lane");
    }

    @Override
    public boolean prove() {
        throw new AssertionError("a publisher need not prove its lane");
    }

    /** The records that were sent to a topic, in order; to one of its partitions only, unless that is null. */
    public <T> List<T> sent(String topic, Integer partition, Class<T> type) {
        var deserializer = new JsonSerde<>(type).deserializer();
        return sent.stream()
                .filter(record ->
                        record.topic().equals(topic) && (partition == null || partition.equals(record.partition())))
                .map(record -> deserializer.deserialize(topic, record.value()))
                .toList();
    }

    /** The values that were sent to a topic, as they are written. */
    List<byte[]> values(String topic) {
        return sent.stream()
                .filter(record -> record.topic().equals(topic))
                .map(ProducerRecord::value)
                .toList();
    }

    /** The entries of the packs that were sent to a topic; barriers are left out. */
    public List<Held<?>> unpacked(String topic, Integer partition) {
        return sent(topic, partition, EnumeratedRecord.class).stream()
                .flatMap(record -> Held.in(record).stream())
                .toList();
    }
}
