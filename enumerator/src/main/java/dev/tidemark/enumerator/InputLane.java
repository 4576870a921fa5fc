package dev.tidemark.enumerator;

import dev.tidemark.kafka.Lane;
import dev.tidemark.kafka.LaneStoppedException;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.KnownManifest;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.ManifestContent;
import dev.tidemark.storage.ManifestReader;
import dev.tidemark.storage.StoredManifest;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** What an enumerator sends, within the transaction of a lane. */
final class InputLane implements Input {

  private static final Serializer<EnumeratedRecord> ENUMERATED = new JsonSerde<>(EnumeratedRecord.class).serializer();
  private static final Serializer<RepositoryRecord> REPOSITORIES = new JsonSerde<>(RepositoryRecord.class).serializer();
  private static final Serializer<WorkRecord> WORK = new JsonSerde<>(WorkRecord.class).serializer();
  private static final Serializer<KnownManifest> KNOWN = new JsonSerde<>(KnownManifest.class).serializer();
  private static final Serializer<WorkDoneRecord> WORK_DONE = new JsonSerde<>(WorkDoneRecord.class).serializer();

  /** How many records went into a partition of a topic. */
  interface Count {
    long of(EnumeratedRecord.Input input, int partition);
  }

  private final Topics topics;
  private final Lane lane;
  private final EnumeratorMeter meter;
  private final Packs packs;

  InputLane(Topics topics, Lane lane, EnumeratorMeter meter) {
    this.topics = topics;
    this.lane = lane;
    this.meter = meter;
    packs = new Packs(topics, (input, partition, pack) -> send(input, partition, pack));
  }

  /**
   * @throws LaneStoppedException if the partition is to be given back
   */
  @Override
  public void put(EnumeratedRecord record) {
    if (lane.stopped()) {
      throw new LaneStoppedException();
    }
    packs.add(record);
    meter.record();
  }

  @Override
  public void put(RepositoryRecord record) {
    packs.close();
    lane.send(new ProducerRecord<>(topics.repositories(), record.repository(), REPOSITORIES.serialize(null, record)));
  }

  /** Writes the first barrier into every partition. */
  void start(RunId run, Options options) {
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        send(input, partition, new StartOfInput(run, input, options));
      }
    }
  }

  /** Writes the last barrier into every partition. */
  void end(RunId run, Count count) {
    packs.close();
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        send(input, partition, new EndOfInput(run, input, count.of(input, partition)));
      }
    }
  }

  /** Hands an item out to whoever holds its partition. */
  void work(WorkRecord item) {
    lane.send(new ProducerRecord<>(topics.work(), Integer.toString(item.item()), WORK.serialize(null, item)));
  }

  void workDone(WorkDoneRecord record) {
    packs.close();
    lane.send(new ProducerRecord<>(topics.workDone(), record.run().toString(), WORK_DONE.serialize(null, record)));
  }

  /** Tells the runs to come what a manifest says, if it is understood. */
  void known(RunId run, Digest digest, StoredManifest manifest) {
    if (manifest.content() instanceof ManifestContent.Understood understood) {
      var known =
          new KnownManifest(
              run, ManifestReader.VERSION, understood.mediaType(), understood.index(), manifest.size(), understood.references(),
              understood.foreign());
      lane.send(new ProducerRecord<>(topics.knownManifests(), digest.toString(), KNOWN.serialize(null, known)));
    }
  }

  private void send(EnumeratedRecord.Input input, int partition, EnumeratedRecord record) {
    lane.send(new ProducerRecord<>(topics.of(input), partition, null, ENUMERATED.serialize(null, record)));
  }
}
