package dev.tidemark.enumerator.publish;

import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.KnownManifest;
import dev.tidemark.schemas.KnownSubject;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkDoneRecord.Records;
import dev.tidemark.schemas.WorkRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Publishes the records of a run's enumeration on a lane, within its transaction. It counts what it puts into each
 * partition.
 */
public final class EnumerationPublisher {

    private static final Serializer<EnumeratedRecord> ENUMERATED = new JsonSerde<>(EnumeratedRecord.class).serializer();
    private static final Serializer<RepositoryRecord> REPOSITORIES =
            new JsonSerde<>(RepositoryRecord.class).serializer();
    private static final Serializer<TagsRecord> TAGS = new JsonSerde<>(TagsRecord.class).serializer();
    private static final Serializer<WorkRecord> WORK = new JsonSerde<>(WorkRecord.class).serializer();
    private static final Serializer<KnownManifest> KNOWN = new JsonSerde<>(KnownManifest.class).serializer();
    private static final Serializer<KnownSubject> SUBJECTS = new JsonSerde<>(KnownSubject.class).serializer();
    private static final Serializer<WorkDoneRecord> WORK_DONE = new JsonSerde<>(WorkDoneRecord.class).serializer();

    /** Some hundred kilobytes. */
    private static final int MOST_DIGESTS_OF_TAGS = 1000;

    /** Says how many records of a run went into a partition of a topic. */
    public interface Sent {
        Records of(Input input, int partition);
    }

    private final Topics topics;
    private final RunId run;
    private final Lane lane;
    private final EnumeratorMeter meter;
    private final Packs packs;
    /** Counted before it is packed, so that a loss on the way there is noticed too. */
    private final Map<Input, long[]> counts = new EnumMap<>(Input.class);

    private final Map<Input, Checksum[]> checksums = new EnumMap<>(Input.class);

    public EnumerationPublisher(Topics topics, RunId run, Lane lane, EnumeratorMeter meter) {
        this.topics = topics;
        this.run = run;
        this.lane = lane;
        this.meter = meter;
        packs = new Packs(topics, run, this::pack);
        for (Input input : Input.values()) {
            counts.put(input, new long[topics.partitions()]);
            checksums.put(input, new Checksum[topics.partitions()]);
        }
    }

    /**
     * Puts a manifest, a blob, a layer link or a leftover into its pack.
     *
     * @param repository that holds it; null for a blob, and for a leftover that is in none: those come first
     * @throws dev.tidemark.kafka.worker.LaneStoppedException if the partition is to be given back
     */
    void put(String repository, EnumeratedRecord.Entry entry) {
        lane.requireGoing();
        counts.get(entry.input())[topics.partition(entry.digest())]++;
        packs.add(repository, entry);
        meter.record();
    }

    /** Sends a repository's tags. Returns the checksum of their records. */
    Checksum put(String repository, List<Tag> tags) {
        Checksum sum = Checksum.NONE;
        for (int from = 0; from < tags.size(); ) {
            int to = from;
            int digests = 0;
            do {
                digests += 1 + tags.get(to).history().size();
                to++;
            } while (to < tags.size() && digests < MOST_DIGESTS_OF_TAGS);
            byte[] value = TAGS.serialize(null, new TagsRecord(run, repository, tags.subList(from, to)));
            lane.send(new ProducerRecord<>(topics.tags(), repository, value));
            sum = sum.plus(value);
            from = to;
        }
        return sum;
    }

    /** Sends the record of a repository, once all of it was put. Returns the checksum of that record. */
    Checksum put(RepositoryRecord record) {
        packs.close();
        byte[] value = REPOSITORIES.serialize(null, record);
        lane.send(new ProducerRecord<>(topics.repositories(), record.repository(), value));
        return Checksum.of(value);
    }

    /** All that was put, by topic and partition; those only where there is something. */
    List<Records> records() {
        packs.close();
        List<Records> records = new ArrayList<>();
        counts.forEach((input, ofPartitions) -> {
            for (int partition = 0; partition < ofPartitions.length; partition++) {
                if (ofPartitions[partition] > 0) {
                    records.add(new Records(
                            input, partition, ofPartitions[partition], checksums.get(input)[partition]));
                }
            }
        });
        return records;
    }

    /** Writes the first barrier into every partition. */
    public void start(RunRecord.Requested request) {
        for (Input input : Input.values()) {
            for (int partition = 0; partition < topics.partitions(); partition++) {
                send(input, partition, new StartOfInput(run, input, request.options(), request.checksum()));
            }
        }
    }

    /** Writes the last barrier into every partition. */
    public void end(Sent sent) {
        packs.close();
        for (Input input : Input.values()) {
            for (int partition = 0; partition < topics.partitions(); partition++) {
                Records records = sent.of(input, partition);
                send(input, partition, new EndOfInput(run, input, records.count(), records.checksum()));
            }
        }
    }

    /** The checksum of an item, as {@link #work} sends it. */
    public static Checksum checksum(WorkRecord item) {
        return Checksum.of(WORK.serialize(null, item));
    }

    /** Hands an item out to the enumerator that holds its partition. */
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

    /** Tells the runs to come what is known of a subject; null to have them forget it. */
    public void subject(String key, KnownSubject subject) {
        lane.send(new ProducerRecord<>(topics.knownSubjects(), 0, key, SUBJECTS.serialize(null, subject)));
    }

    private void pack(Input input, int partition, EnumeratedRecord pack) {
        Checksum checksum = Checksum.of(send(input, partition, pack));
        Checksum[] sums = checksums.get(input);
        sums[partition] = sums[partition] == null ? checksum : sums[partition].plus(checksum);
    }

    private byte[] send(Input input, int partition, EnumeratedRecord record) {
        byte[] value = ENUMERATED.serialize(null, record);
        lane.send(new ProducerRecord<>(topics.of(input), partition, null, value));
        return value;
    }
}
