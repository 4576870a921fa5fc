package dev.tidemark.schemas;

import dev.tidemark.schemas.WorkDoneRecord.Done;
import dev.tidemark.schemas.WorkDoneRecord.Planned;
import dev.tidemark.schemas.WorkDoneRecord.Records;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The latest run's enumeration, as the topic {@code work.done} has it: a fold over its records. It knows the items
 * still to be read and, at the end, how many records went into each partition. A repeated record changes nothing.
 */
public final class WorkLedger {

    /** How many examples of a kind of problem are kept. */
    public static final int EXAMPLES = 20;

    private RunId run;
    private int rounds;
    private int items;
    private final BitSet done = new BitSet();
    private final Set<String> repositories = new HashSet<>();
    private final Map<EnumeratedRecord.Input, Map<Integer, Records>> records =
            new EnumMap<>(EnumeratedRecord.Input.class);
    private final Map<Problem.Kind, Long> problems = new EnumMap<>(Problem.Kind.class);
    private final List<Problem> examples = new ArrayList<>();
    private List<Hold> holds = List.of();
    private DescriptorCache cache = DescriptorCache.UNKNOWN;
    private Long pullsSince;
    private List<Witness> witnesses = List.of();
    private Fingerprint fingerprint = Fingerprint.NONE;
    private long manifests;
    private long tags;
    private long going;
    private long emptied;
    private final List<String> firstEmptied = new ArrayList<>();
    private TagsGoing.Share most;
    private long layerLinks;
    private long blobs;
    private long bytes;
    private OtherFiles otherFiles = OtherFiles.NONE;

    /**
     * Takes the next record of the topic. A later run's first record begins anew; what is of an earlier run is past.
     */
    public void add(WorkDoneRecord record) {
        if (run == null || record.run().compareTo(run) > 0) {
            begin(record.run());
        }
        if (!record.run().equals(run)) {
            return;
        }
        switch (record) {
            case Planned planned -> add(planned);
            case Done item -> add(item);
        }
    }

    private void begin(RunId next) {
        run = next;
        rounds = 0;
        items = 0;
        done.clear();
        repositories.clear();
        records.clear();
        problems.clear();
        examples.clear();
        holds = List.of();
        cache = DescriptorCache.UNKNOWN;
        pullsSince = null;
        witnesses = List.of();
        fingerprint = Fingerprint.NONE;
        manifests = 0;
        tags = 0;
        going = 0;
        emptied = 0;
        firstEmptied.clear();
        most = null;
        layerLinks = 0;
        blobs = 0;
        bytes = 0;
        otherFiles = OtherFiles.NONE;
    }

    private void add(Planned planned) {
        if (planned.round() == rounds) {
            if (rounds == 0) {
                holds = planned.holds();
                cache = planned.cache() == null ? DescriptorCache.UNKNOWN : planned.cache();
                pullsSince = planned.pullsSince();
                witnesses = planned.witnesses();
            }
            rounds++;
            items = planned.items();
            add(planned.problems(), planned.examples());
            otherFiles = otherFiles.plus(OtherFiles.unknown(planned.unknown()));
        }
    }

    private void add(Done item) {
        if (done.get(item.item())) {
            return;
        }
        done.set(item.item());
        if (item.repository() != null) {
            repositories.add(item.repository());
        }
        manifests += item.manifests();
        tags += item.tags();
        addGoing(item);
        layerLinks += item.layerLinks();
        blobs += item.blobs();
        bytes += item.bytes();
        for (Records sent : item.records()) {
            records.computeIfAbsent(sent.input(), input -> new HashMap<>())
                    .merge(sent.partition(), sent, WorkLedger::sum);
        }
        add(item.problems(), item.examples());
        fingerprint = fingerprint.plus(item.fingerprint());
        otherFiles = otherFiles.plus(item.otherFiles());
    }

    private void addGoing(Done item) {
        going += item.going();
        // Nobody calls an image by a tag of referrers.
        long images = item.going() - item.orphans();
        if (images > 0 && item.staying() == 0) {
            emptied++;
            if (firstEmptied.size() < TagsGoing.LISTED) {
                firstEmptied.add(item.repository());
            }
        }
        if (images >= TagsGoing.MANY) {
            var share = new TagsGoing.Share(item.repository(), images, images + item.staying());
            if (most == null || share.percent() > most.percent()) {
                most = share;
            }
        }
    }

    private static Records sum(Records a, Records b) {
        return new Records(
                a.input(), a.partition(), a.count() + b.count(), a.checksum().plus(b.checksum()));
    }

    private void add(Map<Problem.Kind, Long> counts, List<Problem> more) {
        for (Problem problem : more) {
            if (examples.stream()
                            .filter(example -> example.kind() == problem.kind())
                            .count()
                    < EXAMPLES) {
                examples.add(problem);
            }
        }
        counts.forEach((kind, count) -> problems.merge(kind, count, Long::sum));
    }

    /** The run that the ledger is of, if there was any. */
    public Optional<RunId> run() {
        return Optional.ofNullable(run);
    }

    /** How many rounds of that run are planned. */
    public int rounds(RunId of) {
        return of.equals(run) ? rounds : 0;
    }

    /** Whether every planned item of that run is done. */
    public boolean complete(RunId of) {
        return of.equals(run) && rounds > 0 && done.cardinality() == items;
    }

    /** How many items are planned. */
    public int items() {
        return items;
    }

    /** How many items are done. */
    public int itemsDone() {
        return done.cardinality();
    }

    /** How many manifests, layer links and blobs were found so far. */
    public long found() {
        return manifests + layerLinks + blobs;
    }

    /** The repositories that are read. */
    public Set<String> repositories() {
        return Set.copyOf(repositories);
    }

    /** The holds that count for the run. */
    public List<Hold> holds() {
        return holds;
    }

    /** From when on every pull is known, in ms since the epoch; null if nobody collects them. */
    public Long pullsSince() {
        return pullsSince;
    }

    /** The blobs by which the services know whether they have the storage of the run's plan. */
    public List<Witness> witnesses() {
        return witnesses;
    }

    /** How many records went into a partition of a topic. */
    public Records records(EnumeratedRecord.Input input, int partition) {
        return records.getOrDefault(input, Map.of())
                .getOrDefault(partition, new Records(input, partition, 0, Checksum.NONE));
    }

    /**
     * The sums of all items.
     *
     * @param registry where the storage is
     */
    public RunRecord.Enumerated enumerated(String registry) {
        return new RunRecord.Enumerated(
                run,
                registry,
                repositories.size(),
                manifests,
                tags,
                layerLinks,
                blobs,
                bytes,
                problems,
                examples,
                holds.size(),
                Hold.checksum(holds),
                cache,
                new TagsGoing(going, emptied, firstEmptied, most),
                pullsSince,
                fingerprint.after(witnesses),
                otherFiles);
    }
}
