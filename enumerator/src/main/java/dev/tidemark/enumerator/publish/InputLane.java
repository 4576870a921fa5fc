package dev.tidemark.enumerator.publish;

import dev.tidemark.kafka.Lane;
import dev.tidemark.kafka.LaneStoppedException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.KnownManifest;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkRecord;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/** What an enumerator sends of a run, within the transaction of a lane. */
public final class InputLane implements Input {

  private static final Serializer<EnumeratedRecord> ENUMERATED = new JsonSerde<>(EnumeratedRecord.class).serializer();
  private static final Serializer<RepositoryRecord> REPOSITORIES = new JsonSerde<>(RepositoryRecord.class).serializer();
  private static final Serializer<WorkRecord> WORK = new JsonSerde<>(WorkRecord.class).serializer();
  private static final Serializer<KnownManifest> KNOWN = new JsonSerde<>(KnownManifest.class).serializer();
  private static final Serializer<WorkDoneRecord> WORK_DONE = new JsonSerde<>(WorkDoneRecord.class).serializer();

  /** What went into a partition of a topic. */
  public interface Sent {
    WorkDoneRecord.Records of(EnumeratedRecord.Input input, int partition);
  }

  private final Topics topics;
  private final RunId run;
  private final Lane lane;
  private final EnumeratorMeter meter;
  private final Packs packs;
  private final Map<EnumeratedRecord.Input, Map<Integer, Checksum>> sums = new EnumMap<>(EnumeratedRecord.Input.class);

  public InputLane(Topics topics, RunId run, Lane lane, EnumeratorMeter meter) {
    this.topics = topics;
    this.run = run;
    this.lane = lane;
    this.meter = meter;
    packs = new Packs(topics, run, this::pack);
  }

  /**
   * @throws LaneStoppedException if the partition is to be given back
   */
  @Override
  public void put(String repository, EnumeratedRecord.Entry entry) {
    if (lane.stopped()) {
      throw new LaneStoppedException();
    }
    packs.add(repository, entry);
    meter.record();
  }

  @Override
  public Checksum put(RepositoryRecord record) {
    packs.close();
    byte[] value = REPOSITORIES.serialize(null, record);
    lane.send(new ProducerRecord<>(topics.repositories(), record.repository(), value));
    return Checksum.of(value);
  }

  @Override
  public Checksum sent(EnumeratedRecord.Input input, int partition) {
    packs.close();
    return sums.get(input).get(partition);
  }

  /** Writes the first barrier into every partition. */
  public void start(RunRecord.Requested request) {
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        send(input, partition, new StartOfInput(run, input, request.options(), request.checksum()));
      }
    }
  }

  /** Writes the last barrier into every partition. */
  public void end(Sent sent) {
    packs.close();
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        WorkDoneRecord.Records records = sent.of(input, partition);
        send(input, partition, new EndOfInput(run, input, records.count(), records.checksum()));
      }
    }
  }

  /** The checksum of an item, as {@link #work} sends it. */
  public static Checksum checksum(WorkRecord item) {
    return Checksum.of(WORK.serialize(null, item));
  }

  /** Hands an item out to whoever holds its partition. */
  public void work(WorkRecord item) {
    lane.send(new ProducerRecord<>(topics.work(), Integer.toString(item.item()), WORK.serialize(null, item)));
  }

  public void workDone(WorkDoneRecord record) {
    packs.close();
    lane.send(new ProducerRecord<>(topics.workDone(), record.run().toString(), WORK_DONE.serialize(null, record)));
  }

  /** Tells the runs to come what a manifest says. */
  public void known(Digest digest, KnownManifest manifest) {
    lane.send(new ProducerRecord<>(topics.knownManifests(), digest.toString(), KNOWN.serialize(null, manifest)));
  }

  /** Has the runs to come forget what a manifest says. */
  public void forget(String digest) {
    lane.send(new ProducerRecord<>(topics.knownManifests(), digest, null));
  }

  private void pack(EnumeratedRecord.Input input, int partition, EnumeratedRecord pack) {
    byte[] value = send(input, partition, pack);
    sums.computeIfAbsent(input, of -> new HashMap<>()).merge(partition, Checksum.of(value), Checksum::plus);
  }

  private byte[] send(EnumeratedRecord.Input input, int partition, EnumeratedRecord record) {
    byte[] value = ENUMERATED.serialize(null, record);
    lane.send(new ProducerRecord<>(topics.of(input), partition, null, value));
    return value;
  }
}
