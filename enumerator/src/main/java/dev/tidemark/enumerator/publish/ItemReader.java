package dev.tidemark.enumerator.publish;

import dev.tidemark.enumerator.pin.Pins;
import dev.tidemark.enumerator.pin.RepositoryFacts;
import dev.tidemark.enumerator.read.BlobShards;
import dev.tidemark.enumerator.read.Manifests;
import dev.tidemark.enumerator.read.Problems;
import dev.tidemark.enumerator.read.RepositoryReader;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkDoneRecord.Records;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads one item of a run's work into the input, and counts what it puts there by topic and partition. */
public final class ItemReader implements Input {

  private final Storage storage;
  private final Manifests source;
  private final Topics topics;
  private final boolean history;
  private final Input next;
  private final Map<EnumeratedRecord.Input, long[]> sent = new EnumMap<>(EnumeratedRecord.Input.class);
  private long manifests;
  private long tags;
  private long layerLinks;
  /** Of the repository's record; null as long as there is none. */
  private Checksum said;

  /**
   * @param source of what manifests say
   * @param history whether manifests may be deleted in this run, so that their entries in the tags' history are needed
   */
  public ItemReader(Storage storage, Manifests source, Topics topics, boolean history, Input next) {
    this.storage = storage;
    this.source = source;
    this.topics = topics;
    this.history = history;
    this.next = next;
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      sent.put(input, new long[topics.partitions()]);
    }
  }

  /**
   * Puts all of the item into the input.
   *
   * @throws RuntimeException whatever kept any part of it from being read: then nothing of the run may be used
   */
  public Done read(WorkRecord item) {
    return switch (item) {
      case WorkRecord.Shards shards -> {
        var problems = new Problems();
        var algorithm = Digest.Algorithm.named(shards.algorithm())
            .orElseThrow(() -> new IllegalArgumentException("no such algorithm: " + shards.algorithm()));
        BlobShards.BlobTotals totals =
            new BlobShards(algorithm, shards.first(), shards.last())
                .read(storage, blob -> put(null, Pins.blob(blob, shards.pinned())), problems);
        yield done(item, null, totals, problems);
      }
      case WorkRecord.Repository repository -> {
        var problems = new Problems();
        // All is read before any of it is sent: a transaction has to end in time.
        RepositoryFacts facts = new RepositoryReader(storage, source, history).read(repository.name(), problems);
        Pins pins = Pins.of(facts);
        facts.revisions().forEach(revision -> put(repository.name(), pins.manifest(revision)));
        facts.layers().forEach(link -> put(repository.name(), pins.layer(link)));
        put(new RepositoryRecord(
            item.run(), repository.name(), facts.revisions().size(), facts.tags().count(), facts.layers().size(), problems.examples()));
        yield done(item, repository.name(), new BlobShards.BlobTotals(0, 0), problems);
      }
    };
  }

  private Done done(WorkRecord item, String repository, BlobShards.BlobTotals blobs, Problems problems) {
    List<Records> records = new ArrayList<>();
    sent.forEach((input, counts) -> {
      for (int partition = 0; partition < counts.length; partition++) {
        if (counts[partition] > 0) {
          records.add(new Records(input, partition, counts[partition], next.sent(input, partition)));
        }
      }
    });
    return new Done(
        item.run(), item.item(), repository, manifests, tags, layerLinks, blobs.blobs(), blobs.bytes(), records,
        problems.counts(), problems.examples(), said);
  }

  @Override
  public void put(String repository, EnumeratedRecord.Entry entry) {
    sent.get(entry.input())[topics.partition(entry.digest())]++;
    next.put(repository, entry);
  }

  @Override
  public Checksum put(RepositoryRecord record) {
    manifests += record.manifests();
    tags += record.tags();
    layerLinks += record.layerLinks();
    said = next.put(record);
    return said;
  }

  @Override
  public Checksum sent(EnumeratedRecord.Input input, int partition) {
    return next.sent(input, partition);
  }
}
