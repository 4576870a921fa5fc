package dev.tidemark.enumerator.publish;

import dev.tidemark.kafka.worker.Lane;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A lane for several threads, of which one at a time sends: items of a partition are read at once, and are sent on one
 * lane.
 */
public record SynchronizedLane(Lane lane) implements Lane {

    @Override
    public int partition() {
        return lane.partition();
    }

    @Override
    public synchronized void send(ProducerRecord<String, byte[]> record) {
        lane.send(record);
    }

    @Override
    public synchronized void commit() {
        lane.commit();
    }

    @Override
    public boolean stopped() {
        return lane.stopped();
    }

    @Override
    public boolean held() {
        return lane.held();
    }

    @Override
    public synchronized boolean prove() throws InterruptedException {
        return lane.prove();
    }
}
