package dev.tidemark.enumerator;

import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** Publishes one run's input between its two barriers, and counts what it sends, by topic and partition. */
final class InputPublisher implements Input {

  private final Producer<String, byte[]> producer;
  private final Topics topics;
  private final RunId run;
  private final Map<EnumeratedRecord.Input, AtomicLongArray> sent = new EnumMap<>(EnumeratedRecord.Input.class);
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final Serializer<EnumeratedRecord> enumerated = new JsonSerde<>(EnumeratedRecord.class).serializer();
  private final Serializer<RepositoryRecord> repositories = new JsonSerde<>(RepositoryRecord.class).serializer();

  InputPublisher(Producer<String, byte[]> producer, Topics topics, RunId run) {
    this.producer = producer;
    this.topics = topics;
    this.run = run;
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      sent.put(input, new AtomicLongArray(topics.partitions()));
    }
  }

  /** Writes the first barrier into every partition. */
  void start(Options options) {
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        send(input, partition, null, new StartOfInput(run, input, options));
      }
    }
  }

  @Override
  public void put(EnumeratedRecord record) {
    switch (record) {
      case EnumeratedRecord.Manifest manifest -> count(EnumeratedRecord.Input.MANIFESTS, manifest.digest(), record);
      case EnumeratedRecord.Blob blob -> count(EnumeratedRecord.Input.BLOBS, blob.digest(), record);
      case EnumeratedRecord.Layer layer -> count(EnumeratedRecord.Input.LAYERS, layer.digest(), record);
      case StartOfInput barrier -> throw new IllegalArgumentException("a barrier is not put: " + barrier);
      case EndOfInput barrier -> throw new IllegalArgumentException("a barrier is not put: " + barrier);
    }
  }

  @Override
  public void put(RepositoryRecord record) {
    producer.send(
        new ProducerRecord<>(topics.repositories(), record.repository(), repositories.serialize(null, record)),
        (metadata, exception) -> failed(exception));
  }

  /**
   * Writes the last barrier into every partition, once every record is acknowledged.
   *
   * @throws PublishException if any was not
   */
  void end() {
    acknowledged();
    sent.forEach((input, counts) -> {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        send(input, partition, null, new EndOfInput(run, input, counts.get(partition)));
      }
    });
    acknowledged();
  }

  private void count(EnumeratedRecord.Input input, dev.tidemark.schemas.Digest digest, EnumeratedRecord record) {
    int partition = topics.partition(digest);
    send(input, partition, digest.toString(), record);
    sent.get(input).incrementAndGet(partition);
  }

  private void send(EnumeratedRecord.Input input, int partition, String key, EnumeratedRecord record) {
    if (failure.get() != null) {
      acknowledged();
    }
    producer.send(
        new ProducerRecord<>(topics.of(input), partition, key, enumerated.serialize(null, record)),
        (metadata, exception) -> failed(exception));
  }

  private void failed(Exception exception) {
    if (exception != null) {
      failure.compareAndSet(null, exception);
    }
  }

  private void acknowledged() {
    producer.flush();
    Exception first = failure.get();
    if (first != null) {
      throw new PublishException("a record could not be written to Kafka: " + first.getMessage(), first);
    }
  }

  /** Kafka did not take a record. */
  static final class PublishException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PublishException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
