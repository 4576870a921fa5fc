package dev.tidemark.evidence.index;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The records of a run over a {@link ScaledRegistry}, each made as it is read. */
final class ScaledRun implements RecordSource {

    static final RunId RUN = new RunId("20261102-000000");
    static final Topics TOPICS = new Topics("t.", 12);
    private static final Options OPTIONS = new Options(1_000, true, false);

    private static final RunRecord.Requested REQUEST =
            new RunRecord.Requested(RUN, 1_795_000_000_000L, OPTIONS, 100, "scale", null, null, null);

    private static final int PACK = 1_000;
    private static final int SHARDS = 2;

    private final ScaledRegistry registry;
    private final long[] offsets = new long[64];
    private final Map<String, Checksum> sums = new HashMap<>();
    private String topic;
    private Consumer<Entry> each;

    ScaledRun(ScaledRegistry registry) {
        this.registry = registry;
    }

    @Override
    public List<Extent> extents(Collection<String> topics) {
        List<Extent> extents = new ArrayList<>();
        for (String name : topics) {
            boolean one = List.of(
                            TOPICS.runs(),
                            TOPICS.work(),
                            TOPICS.workDone(),
                            TOPICS.rejected(),
                            TOPICS.trash(),
                            TOPICS.repositories(),
                            TOPICS.tags())
                    .contains(name);
            for (int p = 0; p < (one ? 1 : TOPICS.partitions()); p++) {
                extents.add(new Extent(name, p, 0, 1L << 30));
            }
        }
        return extents;
    }

    @Override
    public Map<Extent, Long> since(Collection<Extent> extents, long time) {
        var since = new HashMap<Extent, Long>();
        extents.forEach(extent -> since.put(extent, 0L));
        return since;
    }

    @Override
    public void read(Map<Extent, Long> from, Consumer<Entry> to) {
        if (from.isEmpty()) {
            return;
        }
        topic = from.keySet().iterator().next().topic();
        each = to;
        Arrays.fill(offsets, 0);
        sums.keySet().removeIf(key -> key.matches(Pattern.quote(topic) + "\\d+"));
        switch (topic.substring(TOPICS.prefix().length())) {
            case "runs" -> runs();
            case "work" -> {
                sum(0, WorkRecord.class, new WorkRecord.Shards(RUN, 0, "sha256", "00", "00", null, List.of(), null));
                sum(0, WorkRecord.class, new WorkRecord.Shards(RUN, 1, "sha256", "01", "01", null, List.of(), null));
                registry.eachRepository((name, first, end) -> sum(
                        0,
                        WorkRecord.class,
                        new WorkRecord.Repository(RUN, item(first), name, List.of(), null, null, null)));
            }
            case "work.done" -> workDone().forEach(record -> send(0, WorkDoneRecord.class, record));
            case "repositories" ->
                registry.eachRepository(
                        (name, first, end) -> send(0, RepositoryRecord.class, repository(name, first, end)));
            case "tags" ->
                registry.eachRepository((name, first, end) -> send(0, TagsRecord.class, tags(name, first, end)));
            case "manifests" -> input(Input.MANIFESTS, this::manifestRecords);
            case "blobs" -> input(Input.BLOBS, this::blobRecords);
            case "layers" -> input(Input.LAYERS, this::layerRecords);
            case "marks" -> marks();
            case "eligible" -> eligible();
            case "deletions" -> deletions();
            default -> {
                // Nothing of the run is in it.
            }
        }
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

    private <T> byte[] send(int partition, Class<T> type, T record) {
        byte[] value = TopicsInMemory.written(type, record);
        each.accept(new Entry(topic, partition, offsets[partition]++, 1_795_000_000_000L, null, value));
        return value;
    }

    /** Sends what a barrier, or the run's life, has the checksum of. */
    private <T> void sum(int partition, Class<T> type, T record) {
        sums.merge(topic + partition, Checksum.of(send(partition, type, record)), Checksum::plus);
    }

    /** Of what a partition had when it was read last. */
    private Checksum sum(String of, int partition) {
        return sums.getOrDefault(of + partition, Checksum.NONE);
    }

    private List<WorkDoneRecord> workDone() {
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
        List<WorkDoneRecord.Records> records = new ArrayList<>();
        for (Input input : Input.values()) {
            for (int p = 0; p < TOPICS.partitions(); p++) {
                records.add(new WorkDoneRecord.Records(input, p, counts[input.ordinal()][p], sum(TOPICS.of(input), p)));
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
                sum(TOPICS.work(), 0),
                List.of(),
                DescriptorCache.NONE,
                null,
                List.of()));
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
                records,
                null,
                null,
                null,
                Fingerprint.NONE));
        all.add(new WorkDoneRecord.Done(
                RUN, 1, null, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null, null, Fingerprint.NONE));
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
                    new Fingerprint(List.of(), 1)));
        });
        all.add(new WorkDoneRecord.Planned(
                RUN, 1, items, null, null, "/scale", Checksum.NONE, List.of(), null, null, List.of()));
        return all;
    }

    private void runs() {
        send(0, RunRecord.class, REQUEST);
        var ledger = new WorkLedger();
        workDone().forEach(ledger::add);
        send(0, RunRecord.class, ledger.enumerated("/scale"));
        Totals[] totals = registry.totals(TOPICS);
        for (int p = 0; p < TOPICS.partitions(); p++) {
            Checksum eligible = sum(TOPICS.eligible(), p);
            send(0, RunRecord.class, new RunRecord.Decided(RUN, p, TOPICS.partitions(), 2, totals[p], eligible));
        }
        for (int p = 0; p < TOPICS.partitions(); p++) {
            Totals of = totals[p];
            var deleted = Map.of(
                    Kind.MANIFEST,
                    new Tally(of.eligibleManifests(), 0),
                    Kind.LAYER,
                    new Tally(of.eligibleLayerLinks(), 0),
                    Kind.BLOB,
                    of.eligible());
            send(
                    0,
                    RunRecord.class,
                    new RunRecord.Swept(
                            RUN,
                            p,
                            TOPICS.partitions(),
                            new Sweep(deleted, 0, Map.of(), Map.of()),
                            sum(TOPICS.deletions(), p),
                            null,
                            null));
        }
    }

    private void input(Input input, Runnable records) {
        for (int p = 0; p < TOPICS.partitions(); p++) {
            send(p, EnumeratedRecord.class, new EnumeratedRecord.StartOfInput(RUN, input, OPTIONS, REQUEST.checksum()));
        }
        records.run();
        var ledger = new WorkLedger();
        workDone().forEach(ledger::add);
        for (int p = 0; p < TOPICS.partitions(); p++) {
            send(
                    p,
                    EnumeratedRecord.class,
                    new EnumeratedRecord.EndOfInput(
                            RUN, input, ledger.records(input, p).count(), sum(topic, p)));
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
            packs.forEach(
                    (p, pack) -> sum(p, EnumeratedRecord.class, new EnumeratedRecord.Manifests(RUN, repository, pack)));
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
            packs.forEach(
                    (p, pack) -> sum(p, EnumeratedRecord.class, new EnumeratedRecord.Layers(RUN, repository, pack)));
        }
    }

    private void blobRecords() {
        Map<Integer, List<EnumeratedRecord.Blob>> packs = new HashMap<>();
        registry.eachBlob((digest, dead) -> {
            int p = TOPICS.partition(digest);
            List<EnumeratedRecord.Blob> pack = packs.computeIfAbsent(p, of -> new ArrayList<>());
            pack.add(new EnumeratedRecord.Blob(digest, ScaledRegistry.SIZE, 1, null));
            if (pack.size() == PACK) {
                sum(p, EnumeratedRecord.class, new EnumeratedRecord.Blobs(RUN, pack));
                pack.clear();
            }
        });
        packs.forEach((p, pack) -> sum(p, EnumeratedRecord.class, new EnumeratedRecord.Blobs(RUN, pack)));
    }

    private void marks() {
        int partitions = TOPICS.partitions();
        long[][] sequence = new long[partitions][partitions];
        long[] sent = new long[partitions];
        for (int first = 0; first < registry.manifests; first += ScaledRegistry.HELD) {
            Map<Integer, Map<Integer, List<MarksRecord.Marks.Entry>>> packs = new HashMap<>();
            for (int m = first; m < Math.min(registry.manifests, first + ScaledRegistry.HELD); m++) {
                if (!registry.dead(m)) {
                    Digest digest = ScaledRegistry.digest("manifest" + m);
                    int sender = TOPICS.partition(digest);
                    Map<Integer, List<Digest>> byPartition = new HashMap<>();
                    registry.layers(m)
                            .forEach(layer -> byPartition
                                    .computeIfAbsent(TOPICS.partition(layer), p -> new ArrayList<>())
                                    .add(layer));
                    String repository = ScaledRegistry.repository(m);
                    byPartition.forEach((to, all) -> packs.computeIfAbsent(sender, s -> new HashMap<>())
                            .computeIfAbsent(to, t -> new ArrayList<>())
                            .add(new MarksRecord.Marks.Entry(
                                    digest, repository, all, ScaledRegistry.sizes(all), null, null, null)));
                    sent[sender] += ScaledRegistry.REFERENCES;
                }
            }
            packs.forEach((sender, byPartition) -> byPartition.forEach((to, pack) ->
                    send(to, MarksRecord.class, new MarksRecord.Marks(RUN, sender, ++sequence[sender][to], to, pack))));
        }
        for (int step = 0; step < 2; step++) {
            for (int sender = 0; sender < partitions; sender++) {
                for (int to = 0; to < partitions; to++) {
                    send(
                            to,
                            MarksRecord.class,
                            new MarksRecord.EndOfSuperstep(
                                    RUN, sender, ++sequence[sender][to], to, step, step == 0 ? sent[sender] : 0));
                }
            }
        }
    }

    private void eligible() {
        long[] counts = new long[TOPICS.partitions()];
        registry.eachEligible(RUN, record -> {
            counts[TOPICS.partition(record.digest())]++;
            sum(TOPICS.partition(record.digest()), EligibleRecord.class, record);
        });
        for (int p = 0; p < counts.length; p++) {
            send(p, EligibleRecord.class, new EligibleRecord.EndOfEligible(RUN, p, counts[p], sum(topic, p)));
        }
    }

    private void deletions() {
        registry.eachEligible(
                RUN,
                record -> sum(
                        TOPICS.partition(record.digest()),
                        DeletionRecord.class,
                        new DeletionRecord(
                                RUN,
                                record.kind(),
                                record.digest(),
                                record.repository(),
                                DeletionRecord.Outcome.DELETED,
                                record.bytes(),
                                null,
                                1)));
    }
}
