package dev.tidemark.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class InputPublisherTest {

  private static final RunId RUN = new RunId("20260101-000000");
  private static final Topics TOPICS = new Topics("t.", 3);

  @Test
  void everyPartitionHasItsRecordsBetweenItsBarriers() {
    var producer = producer(true);
    var publisher = new InputPublisher(producer, TOPICS, RUN);

    publisher.start(new Options(1, false, false));
    for (int i = 0; i < 50; i++) {
      publisher.put(new Blob(RUN, digest(i), i, 0, null));
    }
    publisher.end();

    for (int partition = 0; partition < 3; partition++) {
      List<EnumeratedRecord> records = read(producer, TOPICS.blobs(), partition);
      assertThat(records.get(0)).isInstanceOf(StartOfInput.class);
      assertThat(records.get(records.size() - 1))
          .isInstanceOfSatisfying(EndOfInput.class, end -> assertThat(end.records()).isEqualTo(records.size() - 2L));
      int at = partition;
      assertThat(records.subList(1, records.size() - 1))
          .allSatisfy(record -> assertThat(TOPICS.partition(((Blob) record).digest())).isEqualTo(at));
      assertThat(read(producer, TOPICS.layers(), partition)).hasSize(2);
      assertThat(read(producer, TOPICS.manifests(), partition)).hasSize(2);
    }
  }

  @Test
  void aRecordThatKafkaDoesNotTakeMeansNoLastBarrier() {
    var producer = producer(false);
    var publisher = new InputPublisher(producer, TOPICS, RUN);
    publisher.put(new Blob(RUN, digest(1), 1, 0, null));
    producer.errorNext(new IllegalStateException("disk full"));

    assertThatThrownBy(publisher::end).isInstanceOf(InputPublisher.PublishException.class).hasMessageContaining("disk full");

    assertThat(producer.history()).hasSize(1);
  }

  private static MockProducer<String, byte[]> producer(boolean autoComplete) {
    return new MockProducer<>(autoComplete, null, new StringSerializer(), new ByteArraySerializer());
  }

  private static List<EnumeratedRecord> read(MockProducer<String, byte[]> producer, String topic, int partition) {
    var deserializer = new JsonSerde<>(EnumeratedRecord.class).deserializer();
    return producer.history().stream()
        .filter(record -> record.topic().equals(topic) && record.partition() == partition)
        .map(record -> deserializer.deserialize(topic, record.value()))
        .toList();
  }

  private static Digest digest(int seed) {
    return Digest.Algorithm.SHA256.of(new byte[] {(byte) seed});
  }
}
