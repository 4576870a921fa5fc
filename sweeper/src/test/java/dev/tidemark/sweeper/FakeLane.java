package dev.tidemark.sweeper;

import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.JsonSerde;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A lane that keeps the records that are sent on it, and does something at each commit. It holds its partition for as
 * long as nobody stops the clock.
 */
public final class FakeLane implements Lane {

    final List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
    Runnable onCommit = () -> {};
    int commits;
    boolean stopped;
    /** The failure that a lane meets whose partition is another's now. */
    RuntimeException lost;

    int proofs;
    private boolean late;
    private final int partition;

    public FakeLane(int partition) {
        this.partition = partition;
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public void send(ProducerRecord<String, byte[]> record) {
        sent.add(record);
    }

    @Override
    public void commit() {
        commits++;
        onCommit.run();
    }

    @Override
    public boolean stopped() {
        return stopped;
    }

    /** The process is stopped, for longer than a claim holds. */
    void standStill() {
        late = true;
    }

    @Override
    public boolean held() {
        return !late && !stopped;
    }

    @Override
    public boolean prove() {
        if (stopped) {
            throw new LaneStoppedException();
        }
        boolean held = !late;
        if (late) {
            proofs++;
            if (lost != null) {
                throw lost;
            }
        }
        late = false;
        return held;
    }

    /** The records that were sent to a topic, in order. */
    <T> List<T> sent(String topic, Class<T> type) {
        var deserializer = new JsonSerde<>(type).deserializer();
        return sent.stream()
                .filter(record -> record.topic().equals(topic))
                .map(record -> deserializer.deserialize(topic, record.value()))
                .toList();
    }
}
