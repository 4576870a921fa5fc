package dev.tidemark.evidence.index;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.WorkDoneRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The records of a run over a {@link ScaledRegistry}, each made as it is read. */
final class ScaledRun implements RecordSource {

    static final RunId RUN = new RunId("20261102-000000");
    static final Topics TOPICS = new Topics("t.", 12);
    static final Options OPTIONS = new Options(1_000, true, false);

    static final RunRecord.Requested REQUEST =
            new RunRecord.Requested(RUN, 1_795_000_000_000L, OPTIONS, 100, "scale", null, null, null);

    private final ScaledRegistry registry;
    private final ScaledRecords records = new ScaledRecords();
    private final ScaledEnumeration enumeration;

    ScaledRun(ScaledRegistry registry) {
        this.registry = registry;
        enumeration = new ScaledEnumeration(registry, records);
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
        records.begin(from.keySet().iterator().next().topic(), to);
        switch (records.topic().substring(TOPICS.prefix().length())) {
            case "runs" -> runs();
            case "work" -> enumeration.work();
            case "work.done" -> enumeration.workDone().forEach(record -> records.send(0, WorkDoneRecord.class, record));
            case "repositories" -> enumeration.repositories();
            case "tags" -> enumeration.tags();
            case "manifests" -> enumeration.manifests();
            case "blobs" -> enumeration.blobs();
            case "layers" -> enumeration.layers();
            case "marks" -> marks();
            case "eligible" -> eligible();
            case "deletions" -> deletions();
            default -> {
                // Nothing of the run is in it.
            }
        }
    }

    private void runs() {
        records.send(0, RunRecord.class, REQUEST);
        records.send(0, RunRecord.class, enumeration.ledger().enumerated("/scale"));
        Totals[] totals = registry.totals(TOPICS);
        for (int p = 0; p < TOPICS.partitions(); p++) {
            Checksum eligible = records.sum(TOPICS.eligible(), p);
            records.send(
                    0, RunRecord.class, new RunRecord.Decided(RUN, p, TOPICS.partitions(), 2, totals[p], eligible));
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
            records.send(
                    0,
                    RunRecord.class,
                    new RunRecord.Swept(
                            RUN,
                            p,
                            TOPICS.partitions(),
                            new Sweep(deleted, 0, Map.of(), Map.of()),
                            records.sum(TOPICS.deletions(), p),
                            null,
                            null));
        }
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
            packs.forEach((sender, byPartition) -> byPartition.forEach((to, pack) -> records.send(
                    to, MarksRecord.class, new MarksRecord.Marks(RUN, sender, ++sequence[sender][to], to, pack))));
        }
        for (int step = 0; step < 2; step++) {
            for (int sender = 0; sender < partitions; sender++) {
                for (int to = 0; to < partitions; to++) {
                    records.send(
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
            records.sum(TOPICS.partition(record.digest()), EligibleRecord.class, record);
        });
        for (int p = 0; p < counts.length; p++) {
            records.send(
                    p,
                    EligibleRecord.class,
                    new EligibleRecord.EndOfEligible(RUN, p, counts[p], records.sum(records.topic(), p)));
        }
    }

    private void deletions() {
        registry.eachEligible(
                RUN,
                record -> records.sum(
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
