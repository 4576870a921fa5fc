package dev.tidemark.evidence.index;

import static dev.tidemark.evidence.index.ScaledRun.OPTIONS;
import static dev.tidemark.evidence.index.ScaledRun.REQUEST;
import static dev.tidemark.evidence.index.ScaledRun.RUN;
import static dev.tidemark.evidence.index.ScaledRun.TOPICS;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The enumerator's records of a run over a {@link ScaledRegistry}. */
final class ScaledEnumeration {

    private static final int PACK = 1_000;
    private static final int SHARDS = 2;

    private final ScaledRegistry registry;
    private final ScaledRecords records;

    ScaledEnumeration(ScaledRegistry registry, ScaledRecords records) {
        this.registry = registry;
        this.records = records;
    }

    void work() {
        records.sum(0, WorkRecord.class, new WorkRecord.Shards(RUN, 0, "sha256", "00", "00", null, List.of(), null));
        records.sum(0, WorkRecord.class, new WorkRecord.Shards(RUN, 1, "sha256", "01", "01", null, List.of(), null));
        registry.eachRepository((name, first, end) -> records.sum(
                0, WorkRecord.class, new WorkRecord.Repository(RUN, item(first), name, List.of(), null, null, null)));
    }

    void repositories() {
        registry.eachRepository(
                (name, first, end) -> records.send(0, RepositoryRecord.class, repository(name, first, end)));
    }

    void tags() {
        registry.eachRepository((name, first, end) -> records.send(0, TagsRecord.class, tags(name, first, end)));
    }

    void manifests() {
        input(Input.MANIFESTS, this::manifestRecords);
    }

    void blobs() {
        input(Input.BLOBS, this::blobRecords);
    }

    void layers() {
        input(Input.LAYERS, this::layerRecords);
    }

    List<WorkDoneRecord> workDone() {
        long[][] counts = new long[3][TOPICS.partitions()];
        long[] blobs = {0};
        registry.eachBlob((digest, dead) -> {
            counts[Input.BLOBS.ordinal()][TOPICS.partition(digest)]++;
            blobs[0]++;
        });
        for (int m = 0; m < registry.manifests; m++) {
            counts[Input.MANIFESTS.ordinal()][TOPICS.partition(ScaledRegistry.digest("manifest" + m))]++;
            registry.layers(m).forEach(layer -> counts[Input.LAYERS.ordinal()][TOPICS.partition(layer)]++);
        }
        List<WorkDoneRecord.Records> sent = new ArrayList<>();
        for (Input input : Input.values()) {
            for (int p = 0; p < TOPICS.partitions(); p++) {
                sent.add(new WorkDoneRecord.Records(
                        input, p, counts[input.ordinal()][p], records.sum(TOPICS.of(input), p)));
            }
        }
        int items = item(registry.manifests + ScaledRegistry.HELD - 1);
        List<WorkDoneRecord> all = new ArrayList<>();
        all.add(new WorkDoneRecord.Planned(
                RUN,
                0,
                items,
                null,
                null,
                "/scale",
                records.sum(TOPICS.work(), 0),
                List.of(),
                DescriptorCache.NONE,
                null,
                List.of(),
                Tally.NONE));
        // What all items have sent is in the record of the first.
        all.add(new WorkDoneRecord.Done(
                RUN,
                0,
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                blobs[0],
                blobs[0] * ScaledRegistry.SIZE,
                sent,
                null,
                null,
                null,
                Fingerprint.NONE,
                OtherFiles.NONE));
        all.add(new WorkDoneRecord.Done(
                RUN, 1, null, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null, null, Fingerprint.NONE, OtherFiles.NONE));
        registry.eachRepository((name, first, end) -> {
            RepositoryRecord said = repository(name, first, end);
            all.add(new WorkDoneRecord.Done(
                    RUN,
                    item(first),
                    name,
                    said.manifests(),
                    said.tags(),
                    0,
                    0,
                    said.tags(),
                    said.layerLinks(),
                    0,
                    0,
                    null,
                    null,
                    null,
                    Checksum.of(TopicsInMemory.written(RepositoryRecord.class, said)),
                    new Fingerprint(List.of(), 1),
                    OtherFiles.NONE));
        });
        all.add(new WorkDoneRecord.Planned(
                RUN, 1, items, null, null, "/scale", Checksum.NONE, List.of(), null, null, List.of(), Tally.NONE));
        return all;
    }

    /** What the records that all work is done come to. */
    WorkLedger ledger() {
        var ledger = new WorkLedger();
        workDone().forEach(ledger::add);
        return ledger;
    }

    /** After the shards of the blobs, a repository is an item. */
    private static int item(int first) {
        return SHARDS + first / ScaledRegistry.HELD;
    }

    private RepositoryRecord repository(String name, int first, int end) {
        TagsRecord tags = tags(name, first, end);
        int held = end - first;
        return new RepositoryRecord(
                RUN,
                name,
                held,
                tags.tags().size(),
                0,
                (long) held * ScaledRegistry.REFERENCES,
                List.of(),
                Checksum.of(TopicsInMemory.written(TagsRecord.class, tags)));
    }

    private TagsRecord tags(String name, int first, int end) {
        List<TagsRecord.Tag> tags = new ArrayList<>();
        for (int m = first; m < end; m++) {
            if (!registry.dead(m)) {
                Digest digest = ScaledRegistry.digest("manifest" + m);
                tags.add(new TagsRecord.Tag("v" + m, digest, 1 + m, null, List.of(), null, null, null));
            }
        }
        return new TagsRecord(RUN, name, tags);
    }

    private void input(Input input, Runnable all) {
        for (int p = 0; p < TOPICS.partitions(); p++) {
            records.send(
                    p,
                    EnumeratedRecord.class,
                    new EnumeratedRecord.StartOfInput(RUN, input, OPTIONS, REQUEST.checksum()));
        }
        all.run();
        WorkLedger ledger = ledger();
        for (int p = 0; p < TOPICS.partitions(); p++) {
            records.send(
                    p,
                    EnumeratedRecord.class,
                    new EnumeratedRecord.EndOfInput(
                            RUN, input, ledger.records(input, p).count(), records.sum(records.topic(), p)));
        }
    }

    private void manifestRecords() {
        for (int first = 0; first < registry.manifests; first += ScaledRegistry.HELD) {
            Map<Integer, List<EnumeratedRecord.Manifest>> packs = new HashMap<>();
            for (int m = first; m < Math.min(registry.manifests, first + ScaledRegistry.HELD); m++) {
                Digest digest = ScaledRegistry.digest("manifest" + m);
                packs.computeIfAbsent(TOPICS.partition(digest), p -> new ArrayList<>())
                        .add(new EnumeratedRecord.Manifest(
                                digest,
                                "application/vnd.oci.image.manifest.v1+json",
                                ScaledRegistry.SIZE,
                                1,
                                registry.dead(m) ? null : List.of("v" + m),
                                List.of(),
                                registry.dead(m) ? List.of("latest") : null,
                                registry.layers(m),
                                ScaledRegistry.sizes(registry.layers(m)),
                                null,
                                null,
                                null,
                                null,
                                false));
            }
            String repository = ScaledRegistry.repository(first);
            packs.forEach((p, pack) ->
                    records.sum(p, EnumeratedRecord.class, new EnumeratedRecord.Manifests(RUN, repository, pack)));
        }
    }

    private void layerRecords() {
        for (int first = 0; first < registry.manifests; first += ScaledRegistry.HELD) {
            Map<Integer, List<EnumeratedRecord.Layer>> packs = new HashMap<>();
            for (int m = first; m < Math.min(registry.manifests, first + ScaledRegistry.HELD); m++) {
                for (Digest layer : registry.layers(m)) {
                    packs.computeIfAbsent(TOPICS.partition(layer), p -> new ArrayList<>())
                            .add(new EnumeratedRecord.Layer(layer, 1, null, null));
                }
            }
            String repository = ScaledRegistry.repository(first);
            packs.forEach((p, pack) ->
                    records.sum(p, EnumeratedRecord.class, new EnumeratedRecord.Layers(RUN, repository, pack)));
        }
    }

    private void blobRecords() {
        Map<Integer, List<EnumeratedRecord.Blob>> packs = new HashMap<>();
        registry.eachBlob((digest, dead) -> {
            int p = TOPICS.partition(digest);
            List<EnumeratedRecord.Blob> pack = packs.computeIfAbsent(p, of -> new ArrayList<>());
            pack.add(new EnumeratedRecord.Blob(digest, ScaledRegistry.SIZE, 1, null));
            if (pack.size() == PACK) {
                records.sum(p, EnumeratedRecord.class, new EnumeratedRecord.Blobs(RUN, pack));
                pack.clear();
            }
        });
        packs.forEach((p, pack) -> records.sum(p, EnumeratedRecord.class, new EnumeratedRecord.Blobs(RUN, pack)));
    }
}
