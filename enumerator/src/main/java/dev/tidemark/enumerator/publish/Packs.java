package dev.tidemark.enumerator.publish;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Blobs;
import dev.tidemark.schemas.EnumeratedRecord.Entry;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Layers;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Manifests;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.util.ArrayList;
import java.util.List;

/**
 * Packs manifests, blobs, layer links and leftovers into records, by the partition that they belong to: a record costs
 * the same however much it carries (bench/README.md). All that is packed at one time is of one repository.
 */
final class Packs {

    /** Takes full packs. */
    interface Sink {
        void send(Input input, int partition, EnumeratedRecord pack);
    }

    private final Topics topics;
    private final RunId run;
    private final Sink sink;
    /** Digests in a pack, its own and those it names. */
    private final int most;

    private final Pack[][] packs;

    private String repository;

    Packs(Topics topics, RunId run, Sink sink) {
        this.topics = topics;
        this.run = run;
        this.sink = sink;
        most = new Buffers(topics.partitions()).packDigests();
        packs = new Pack[Input.values().length][topics.partitions()];
    }

    /** Entries on their way to one partition. */
    private static final class Pack {
        private final List<Entry> entries = new ArrayList<>();
        private int digests;

        private <E extends Entry> List<E> of(Class<E> type) {
            return entries.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    /**
     * Packs a manifest, a blob, a layer link or a leftover.
     *
     * @param in the repository that holds it; null for a blob
     */
    void add(String in, Entry entry) {
        if (in != null && !in.equals(repository)) {
            close();
            repository = in;
        }
        int partition = topics.partition(entry.digest());
        int digests = digests(entry);
        Pack pack = pack(entry.input(), partition);
        if (pack.digests > 0 && pack.digests + digests > most) {
            close(entry.input(), partition);
            pack = pack(entry.input(), partition);
        }
        pack.entries.add(entry);
        pack.digests += digests;
    }

    private static int digests(Entry entry) {
        return entry instanceof Manifest manifest
                ? 1
                        + manifest.references().size()
                        + manifest.optionalReferences().size()
                        + (manifest.subject() == null ? 0 : 1)
                        + manifest.tags().size()
                        + manifest.going().size()
                        + manifest.history().size()
                : 1;
    }

    /** Sends what is packed. */
    void close() {
        for (Input input : Input.values()) {
            for (int partition = 0; partition < topics.partitions(); partition++) {
                close(input, partition);
            }
        }
    }

    private Pack pack(Input input, int partition) {
        Pack[] of = packs[input.ordinal()];
        if (of[partition] == null) {
            of[partition] = new Pack();
        }
        return of[partition];
    }

    private void close(Input input, int partition) {
        Pack pack = packs[input.ordinal()][partition];
        if (pack == null) {
            return;
        }
        packs[input.ordinal()][partition] = null;
        sink.send(
                input,
                partition,
                switch (input) {
                    case MANIFESTS -> new Manifests(run, repository, pack.of(Manifest.class));
                    case BLOBS -> new Blobs(run, pack.of(Blob.class));
                    case LAYERS -> new Layers(run, repository, pack.of(Layer.class), pack.of(Leftover.class));
                });
    }
}
