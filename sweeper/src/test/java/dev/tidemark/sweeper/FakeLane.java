package dev.tidemark.sweeper;

import dev.tidemark.kafka.Lane;
import dev.tidemark.schemas.JsonSerde;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A lane that keeps what is sent on it, and does something at each commit. */
final class FakeLane implements Lane {

  final List<ProducerRecord<String, byte[]>> sent = new ArrayList<>();
  Runnable onCommit = () -> {};
  int commits;
  boolean stopped;
  private final int partition;

  FakeLane(int partition) {
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

  /** What was sent to a topic, in order. */
  <T> List<T> sent(String topic, Class<T> type) {
    var deserializer = new JsonSerde<>(type).deserializer();
    return sent.stream()
        .filter(record -> record.topic().equals(topic))
        .map(record -> deserializer.deserialize(topic, record.value()))
        .toList();
  }
}
