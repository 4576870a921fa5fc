package dev.tidemark.enumerator;

import dev.tidemark.kafka.Lane;
import dev.tidemark.kafka.LaneStoppedException;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** What an enumerator sends, within the transaction of a lane. */
final class InputLane implements Input {

  private static final Serializer<EnumeratedRecord> ENUMERATED = new JsonSerde<>(EnumeratedRecord.class).serializer();
  private static final Serializer<RepositoryRecord> REPOSITORIES = new JsonSerde<>(RepositoryRecord.class).serializer();
  private static final Serializer<WorkRecord> WORK = new JsonSerde<>(WorkRecord.class).serializer();
  private static final Serializer<WorkDoneRecord> WORK_DONE = new JsonSerde<>(WorkDoneRecord.class).serializer();

  /** How many records went into a partition of a topic. */
  interface Count {
    long of(EnumeratedRecord.Input input, int partition);
  }

  private final Topics topics;
  private final Lane lane;
  private final EnumeratorMeter meter;

  InputLane(Topics topics, Lane lane, EnumeratorMeter meter) {
    this.topics = topics;
    this.lane = lane;
    this.meter = meter;
  }

  /**
   * @throws LaneStoppedException if the partition is to be given back
   */
  @Override
  public void put(EnumeratedRecord record) {
    if (lane.stopped()) {
      throw new LaneStoppedException();
    }
    switch (record) {
      case EnumeratedRecord.Manifest manifest -> put(EnumeratedRecord.Input.MANIFESTS, manifest.digest(), record);
      case EnumeratedRecord.Blob blob -> put(EnumeratedRecord.Input.BLOBS, blob.digest(), record);
      case EnumeratedRecord.Layer layer -> put(EnumeratedRecord.Input.LAYERS, layer.digest(), record);
      case StartOfInput barrier -> throw new IllegalArgumentException("a barrier is not put: " + barrier);
      case EndOfInput barrier -> throw new IllegalArgumentException("a barrier is not put: " + barrier);
    }
    meter.record();
  }

  private void put(EnumeratedRecord.Input input, dev.tidemark.schemas.Digest digest, EnumeratedRecord record) {
    send(input, topics.partition(digest), digest.toString(), record);
  }

  @Override
  public void put(RepositoryRecord record) {
    lane.send(new ProducerRecord<>(topics.repositories(), record.repository(), REPOSITORIES.serialize(null, record)));
  }

  /** Writes the first barrier into every partition. */
  void start(RunId run, Options options) {
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        send(input, partition, null, new StartOfInput(run, input, options));
      }
    }
  }

  /** Writes the last barrier into every partition. */
  void end(RunId run, Count count) {
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        send(input, partition, null, new EndOfInput(run, input, count.of(input, partition)));
      }
    }
  }

  /** Hands an item out to whoever holds its partition. */
  void work(WorkRecord item) {
    lane.send(new ProducerRecord<>(topics.work(), Integer.toString(item.item()), WORK.serialize(null, item)));
  }

  void workDone(WorkDoneRecord record) {
    lane.send(new ProducerRecord<>(topics.workDone(), record.run().toString(), WORK_DONE.serialize(null, record)));
  }

  private void send(EnumeratedRecord.Input input, int partition, String key, EnumeratedRecord record) {
    lane.send(new ProducerRecord<>(topics.of(input), partition, key, ENUMERATED.serialize(null, record)));
  }
}
