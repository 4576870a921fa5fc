package dev.tidemark.enumerator;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Blobs;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs what is read by the partition that it belongs to: what a record costs on its way, it costs however much it carries
 * (bench/README.md). All that is packed at one time is of one run, and of one repository.
 */
final class Packs {

  /** Where a full pack goes. */
  interface Sink {
    void send(Input input, int partition, EnumeratedRecord pack);
  }

  private final Topics topics;
  private final Sink sink;
  /** Digests in a pack, its own and those it names. */
  private final int most;
  private final Pack<?>[][] packs = new Pack<?>[Input.values().length][];

  private RunId run;
  private String repository;

  Packs(Topics topics, Sink sink) {
    this.topics = topics;
    this.sink = sink;
    most = new Buffers(topics.partitions()).packDigests();
    for (Input input : Input.values()) {
      packs[input.ordinal()] = new Pack<?>[topics.partitions()];
    }
  }

  /** Entries on their way to one partition. */
  private static final class Pack<E> {
    private final List<E> entries = new ArrayList<>();
    private int digests;
  }

  void add(EnumeratedRecord record) {
    switch (record) {
      case Manifest manifest -> {
        of(manifest.run(), manifest.repository());
        int digests =
            1 + manifest.references().size() + manifest.optionalReferences().size() + manifest.tags().size() + manifest.history().size();
        add(Input.MANIFESTS, manifest.digest(), Manifests.Entry.of(manifest), digests);
      }
      case Blob blob -> {
        of(blob.run(), repository);
        add(Input.BLOBS, blob.digest(), Blobs.Entry.of(blob), 1);
      }
      case Layer layer -> {
        of(layer.run(), layer.repository());
        add(Input.LAYERS, layer.digest(), Layers.Entry.of(layer), 1);
      }
      case Manifests pack -> throw new IllegalArgumentException("it is packed already: " + pack);
      case Blobs pack -> throw new IllegalArgumentException("it is packed already: " + pack);
      case Layers pack -> throw new IllegalArgumentException("it is packed already: " + pack);
      case StartOfInput barrier -> throw new IllegalArgumentException("a barrier is not packed: " + barrier);
      case EndOfInput barrier -> throw new IllegalArgumentException("a barrier is not packed: " + barrier);
    }
  }

  /** Sends what is packed. */
  void close() {
    for (Input input : Input.values()) {
      for (int partition = 0; partition < topics.partitions(); partition++) {
        close(input, partition);
      }
    }
  }

  private void of(RunId newRun, String newRepository) {
    if (!newRun.equals(run) || (newRepository != null && !newRepository.equals(repository))) {
      close();
      run = newRun;
      repository = newRepository;
    }
  }

  private <E> void add(Input input, Digest digest, E entry, int digests) {
    int partition = topics.partition(digest);
    Pack<E> pack = pack(input, partition);
    if (pack.digests > 0 && pack.digests + digests > most) {
      close(input, partition);
      pack = pack(input, partition);
    }
    pack.entries.add(entry);
    pack.digests += digests;
  }

  /** Safe: what is added under an input is always of the same type. */
  @SuppressWarnings("unchecked")
  private <E> Pack<E> pack(Input input, int partition) {
    Pack<?>[] of = packs[input.ordinal()];
    if (of[partition] == null) {
      of[partition] = new Pack<E>();
    }
    return (Pack<E>) of[partition];
  }

  private void close(Input input, int partition) {
    if (packs[input.ordinal()][partition] == null) {
      return;
    }
    EnumeratedRecord record =
        switch (input) {
          case MANIFESTS -> new Manifests(run, repository, this.<Manifests.Entry>pack(input, partition).entries);
          case BLOBS -> new Blobs(run, this.<Blobs.Entry>pack(input, partition).entries);
          case LAYERS -> new Layers(run, repository, this.<Layers.Entry>pack(input, partition).entries);
        };
    packs[input.ordinal()][partition] = null;
    sink.send(input, partition, record);
  }
}
