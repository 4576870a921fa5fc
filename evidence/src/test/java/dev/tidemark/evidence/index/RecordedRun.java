package dev.tidemark.evidence.index;

import dev.tidemark.marker.Markers;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Witness;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.testkit.Held;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Runs as they are recorded: a registry is enumerated as an enumerator would, marked by the real markers, and swept as
 * a sweeper would, with whatever can happen to one.
 */
public final class RecordedRun {

    public static final Topics TOPICS = new Topics("t.", 3);
    /** Of a run that approves a dry run: that one. */
    public static final RunId DRY = new RunId("20261101-000000");

    public static final RunId RUN = new RunId("20261102-000000");
    /** How long the trash keeps what is deleted, in ms. */
    public static final long KEEP = 86_400_000;

    /** When a run is asked for: among the ages of a registry, in the seconds that policies count in. */
    private static final long ASKED = 1_795_000_000_750L;

    private static final int WORK_PARTITIONS = 2;
    private static final Witness WITNESS = new Witness(RandomRegistry.digest("witness"), 1);
    private static final String REGISTRY = "/var/lib/registry";

    public final TopicsInMemory topics;
    private final Random random;
    private final Markers markers;
    private Optional<Run> run = Optional.empty();
    private RunId current;
    private List<Hold> holds = List.of();
    private TaggedRegistry tagged;
    private boolean rich;

    private RecordedRun(Random random) {
        this.random = random;
        topics = TopicsInMemory.of(TOPICS, WORK_PARTITIONS, random);
        markers = new Markers(TOPICS, random, new Markers.Says() {
            @Override
            public void marks(MarksRecord record) {
                topics.append(TOPICS.marks(), record.to(), null, MarksRecord.class, record);
            }

            @Override
            public byte[] eligible(int partition, boolean dryRun, EligibleRecord record) {
                String key =
                        record instanceof Eligible eligible ? eligible.digest().toString() : null;
                return topics.append(
                        dryRun ? TOPICS.eligibleDryRun() : TOPICS.eligible(),
                        partition,
                        key,
                        EligibleRecord.class,
                        record);
            }

            @Override
            public void run(RunRecord record) {
                say(record);
            }
        });
    }

    /** Seeds that follow each other begin alike otherwise. */
    public static Random random(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /**
     * A run of that seed: a dry run, a real one, one that the breaker held, or one that approves the dry run before it;
     * of every eight, the last four have a policy.
     */
    public static RecordedRun of(long seed) {
        var random = random(seed);
        var recorded = new RecordedRun(random);
        boolean untagged = random.nextInt(4) > 0;
        int kind = Math.floorMod(seed, 4);
        boolean approving = kind == 3;
        boolean dryRun = kind == 0;
        PolicyText policy = Math.floorMod(seed, 8) < 4 ? null : TaggedRegistry.policy(random, ASKED);
        if (approving) {
            recorded.record(
                    DRY,
                    RandomRegistry.of(random),
                    new Options(RandomRegistry.CUTOFF, untagged, true, RandomRegistry.LEFTOVERS),
                    100,
                    null,
                    policy);
        }
        int maxDelete = kind == 2 ? 0 : 100;
        recorded.record(
                RUN,
                RandomRegistry.of(random),
                new Options(RandomRegistry.CUTOFF, untagged, dryRun, RandomRegistry.LEFTOVERS),
                maxDelete,
                approving ? DRY : null,
                policy);
        return recorded;
    }

    /**
     * A dry run on a registry of that seed: the same registry, whatever else is asked for.
     *
     * @param policy null for none
     */
    public static RecordedRun of(long seed, boolean deleteUntagged, PolicyText policy) {
        var recorded = new RecordedRun(random(seed));
        recorded.rich = true;
        recorded.record(
                RUN,
                RandomRegistry.of(recorded.random),
                new Options(RandomRegistry.CUTOFF, deleteUntagged, true, RandomRegistry.LEFTOVERS),
                100,
                null,
                policy);
        return recorded;
    }

    /** A policy whose limits lie among the ages of a registry. */
    public static PolicyText policy(long seed) {
        return TaggedRegistry.policy(random(seed), ASKED);
    }

    /** An index of all that is in the topics, of the run that the seed made. */
    public static RunIndex index(Path directory, RecordSource source) {
        return RunIndex.build(directory, source, TOPICS, RUN, true, progress -> {});
    }

    private void say(RunRecord record) {
        run = Run.after(run, record);
        topics.append(TOPICS.runs(), 0, record.run().toString(), RunRecord.class, record);
    }

    /** Records a run from its request to its end. */
    RunId record(RunId id, List<Held<?>> registry, Options options, int maxDelete, RunId approves, PolicyText policy) {
        current = id;
        var request = new RunRecord.Requested(id, ASKED, options, maxDelete, "operator", approves, null, policy);
        say(request);
        enumerate(request, registry);
        markers.run();
        if (!options.dryRun()) {
            sweep();
        }
        return id;
    }

    /** Somebody holds some of what is pinned, by its digest, and a tag of something that is. */
    private static List<Hold> holdsOf(List<Held<?>> registry, Random random) {
        List<Hold> all = new ArrayList<>();
        Held.entries(Blob.class, registry)
                .filter(blob -> blob.pinned() != null && random.nextBoolean())
                .forEach(blob -> all.add(hold(blob.digest().toString(), null)));
        for (Held<?> one : registry) {
            if (one.entry() instanceof Manifest manifest && manifest.pinned() != null && random.nextBoolean()) {
                manifest.tags().forEach(tag -> all.add(hold(one.repository() + ":" + tag, null)));
                all.add(hold(one.repository() + ":gone", manifest.digest()));
            }
        }
        all.add(hold("nobody/**", null));
        return all;
    }

    private static Hold hold(String of, Digest digest) {
        return new Hold(of, digest, "an audit", "operator", 1, null);
    }

    private void enumerate(RunRecord.Requested request, List<Held<?>> registry) {
        holds = holdsOf(registry, random(registry.size()));
        tagged = new TaggedRegistry(registry, request, rich || request.policy() != null, holds, random);
        for (Input input : Input.values()) {
            for (int p = 0; p < TOPICS.partitions(); p++) {
                enumerated(input, p, new StartOfInput(current, input, request.options(), request.checksum()));
            }
        }
        var repositories = new TreeMap<String, List<Held<?>>>();
        var shards = new TreeMap<String, List<Held<?>>>();
        for (Held<?> one : tagged.held()) {
            if (one.repository() != null) {
                repositories
                        .computeIfAbsent(one.repository(), r -> new ArrayList<>())
                        .add(one);
            } else {
                shards.computeIfAbsent(one.digest().hex().substring(0, 1), s -> new ArrayList<>())
                        .add(one);
            }
        }
        var ledger = new WorkLedger();
        List<WorkRecord> items = new ArrayList<>();
        List<List<Held<?>>> contents = new ArrayList<>();
        shards.forEach((name, of) -> {
            items.add(new WorkRecord.Shards(
                    current,
                    items.size(),
                    "sha256",
                    name + "0",
                    name + "f",
                    random.nextInt(4) == 0 ? "pinned" : null,
                    List.of(),
                    WITNESS));
            contents.add(of);
        });
        int late = repositories.size() > 1 && random.nextBoolean() ? 1 : 0;
        List<String> names = List.copyOf(repositories.keySet());
        names.subList(0, names.size() - late).forEach(name -> item(name, repositories, items, contents));
        round(0, items, 0, contents, ledger);
        int first = items.size();
        names.subList(names.size() - late, names.size()).forEach(name -> item(name, repositories, items, contents));
        round(1, items, first, contents, ledger);
        for (Input input : Input.values()) {
            for (int p = 0; p < TOPICS.partitions(); p++) {
                WorkDoneRecord.Records sent = ledger.records(input, p);
                enumerated(input, p, new EndOfInput(current, input, sent.count(), sent.checksum()));
            }
        }
        say(ledger.enumerated(REGISTRY));
    }

    private void item(
            String name, Map<String, List<Held<?>>> of, List<WorkRecord> items, List<List<Held<?>>> contents) {
        items.add(
                new WorkRecord.Repository(current, items.size(), name, List.of(), null, tagged.pullsSince(), WITNESS));
        contents.add(of.get(name));
    }

    private void round(int round, List<WorkRecord> items, int first, List<List<Held<?>>> contents, WorkLedger ledger) {
        Checksum work = Checksum.NONE;
        for (WorkRecord item : items.subList(first, items.size())) {
            work = work.plus(topics.append(
                    TOPICS.work(),
                    random.nextInt(WORK_PARTITIONS),
                    String.valueOf(item.item()),
                    WorkRecord.class,
                    item));
        }
        done(
                new WorkDoneRecord.Planned(
                        current,
                        round,
                        items.size(),
                        problems(),
                        examples(),
                        REGISTRY,
                        work,
                        round == 0 ? holds : List.of(),
                        round == 0 ? DescriptorCache.IN_MEMORY : null,
                        round == 0 ? tagged.pullsSince() : null,
                        round == 0 ? List.of(WITNESS) : List.of()),
                ledger);
        for (int i = first; i < items.size(); i++) {
            read(
                    i,
                    items.get(i) instanceof WorkRecord.Repository repository ? repository.name() : null,
                    contents.get(i),
                    ledger);
        }
    }

    private Map<Problem.Kind, Long> problems() {
        return random.nextBoolean() ? Map.of() : Map.of(Problem.Kind.STRAY, 2L, Problem.Kind.DANGLING_TAG, 1L);
    }

    private List<Problem> examples() {
        return random.nextBoolean()
                ? List.of()
                : List.of(new Problem(Problem.Kind.STRAY, "there" + random.nextInt(100), "it is no directory"));
    }

    private void done(WorkDoneRecord record, WorkLedger ledger) {
        ledger.add(record);
        topics.append(TOPICS.workDone(), 0, current.toString(), WorkDoneRecord.class, record);
    }

    /** Packs what an item holds, by topic and partition, and says that it is done. */
    private void read(int item, String repository, List<Held<?>> content, WorkLedger ledger) {
        Map<Input, Map<Integer, List<Held<?>>>> packs = new EnumMap<>(Input.class);
        for (Held<?> one : content) {
            packs.computeIfAbsent(one.input(), i -> new TreeMap<>())
                    .computeIfAbsent(TOPICS.partition(one.digest()), p -> new ArrayList<>())
                    .add(one);
        }
        List<WorkDoneRecord.Records> records = new ArrayList<>();
        packs.forEach((input, byPartition) -> byPartition.forEach((partition, all) -> {
            Checksum sum = Checksum.NONE;
            for (int from = 0; from < all.size(); ) {
                int to = Math.min(all.size(), from + 1 + random.nextInt(4));
                sum = sum.plus(enumerated(input, partition, Held.pack(current, all.subList(from, to))));
                from = to;
            }
            records.add(new WorkDoneRecord.Records(input, partition, all.size(), sum));
        }));
        Checksum said = null;
        long manifests = Held.only(Manifest.class, content).size();
        long layers = Held.only(Layer.class, content).size();
        List<Tag> tags = repository == null ? List.of() : tagged.tags(repository);
        long going = tags.stream().filter(Tag::goes).count();
        List<Blob> blobs = Held.entries(Blob.class, content).toList();
        if (repository != null) {
            Checksum written = tags(repository, tags);
            var record = new RepositoryRecord(
                    current, repository, manifests, tags.size(), going, layers, examples(), written);
            said = Checksum.of(topics.append(
                    TOPICS.repositories(),
                    Math.floorMod(repository.hashCode(), TOPICS.partitions()),
                    repository,
                    RepositoryRecord.class,
                    record));
        }
        done(
                new WorkDoneRecord.Done(
                        current,
                        item,
                        repository,
                        manifests,
                        tags.size(),
                        going,
                        tags.stream()
                                .filter(tag -> tag.goes() && ReferrersTag.is(tag.name()))
                                .count(),
                        repository == null ? 0 : tagged.staying(repository),
                        layers,
                        blobs.size(),
                        blobs.stream().mapToLong(Blob::size).sum(),
                        records,
                        problems(),
                        examples(),
                        said,
                        fingerprint(repository, content)),
                ledger);
    }

    /** Of the newest old link, or of a blob. */
    private static Fingerprint fingerprint(String repository, List<Held<?>> content) {
        if (repository == null) {
            Blob blob = Held.entries(Blob.class, content).findFirst().orElseThrow();
            return new Fingerprint(List.of(new Witness(blob.digest(), blob.modified())), 0);
        }
        long newest = LongStream.concat(
                        Held.entries(Manifest.class, content).mapToLong(Manifest::modified),
                        Held.entries(Layer.class, content).mapToLong(Layer::modified))
                .filter(modified -> modified < RandomRegistry.CUTOFF)
                .max()
                .orElse(0);
        return new Fingerprint(List.of(), newest);
    }

    /** Packs a repository's tags. */
    private Checksum tags(String repository, List<Tag> tags) {
        Checksum sum = Checksum.NONE;
        for (int from = 0; from < tags.size(); ) {
            int to = Math.min(tags.size(), from + 1 + random.nextInt(4));
            var record = new TagsRecord(current, repository, tags.subList(from, to));
            sum = sum.plus(topics.append(TOPICS.tags(), 0, repository, TagsRecord.class, record));
            from = to;
        }
        return sum;
    }

    private byte[] enumerated(Input input, int partition, EnumeratedRecord record) {
        markers.give(input, partition, record);
        return topics.append(TOPICS.of(input), partition, null, EnumeratedRecord.class, record);
    }

    /** Sweeps what the run let through, with whatever can happen to a deletion. */
    private void sweep() {
        Run decided = run.orElseThrow();
        if (!decided.allDecided()) {
            throw new IllegalStateException("the markers did not decide: " + decided);
        }
        if (decided.exceedsBreaker()) {
            say(new RunRecord.Waiting(current, decided.whyHeld().orElseThrow()));
            if (random.nextInt(4) == 0) {
                return;
            }
            say(new RunRecord.Approved(current, "the operator"));
            decided = run.orElseThrow();
        }
        List<Swept> sweeps = new ArrayList<>();
        for (int p = 0; p < TOPICS.partitions(); p++) {
            sweeps.add(new Swept());
            sweep(p, sweeps.get(p), true);
            if (decided.requested().policy() != null) {
                say(new RunRecord.TagsSwept(current, p, TOPICS.partitions()));
            }
        }
        for (int p = 0; p < TOPICS.partitions(); p++) {
            Swept swept = sweeps.get(p);
            sweep(p, swept, false);
            String by = decided.approved() ? decided.approval().by() : null;
            say(new RunRecord.Swept(current, p, TOPICS.partitions(), swept.sweep, swept.checksum, by, null));
        }
    }

    /** Of one partition, so far. */
    private static final class Swept {
        private final Set<Digest> named = new HashSet<>();
        private Sweep sweep = Sweep.NONE;
        private Checksum checksum = Checksum.NONE;
    }

    private void sweep(int partition, Swept swept, boolean tags) {
        RunId approves = run.orElseThrow().requested().approves();
        for (RecordSource.Entry entry : List.copyOf(topics.partition(TOPICS.eligible(), partition).entries)) {
            if (TopicsInMemory.read(EligibleRecord.class, entry) instanceof Eligible eligible
                    && eligible.run().equals(current)
                    && (eligible.kind() == Kind.TAG) == tags) {
                DeletionRecord deletion = deletion(eligible, swept.named, approves);
                if (!tags && (deletion.outcome() == Outcome.SPARED || deletion.outcome() == Outcome.FAILED)) {
                    swept.named.add(eligible.digest());
                }
                byte[] value = topics.append(
                        TOPICS.deletions(), partition, eligible.digest().toString(), DeletionRecord.class, deletion);
                swept.checksum = swept.checksum.plus(value);
                swept.sweep = swept.sweep.plus(deletion);
            }
        }
    }

    private DeletionRecord deletion(Eligible eligible, Set<Digest> named, RunId approves) {
        Outcome outcome = random.nextInt(4) > 0 ? Outcome.DELETED : Outcome.values()[random.nextInt(4)];
        if (outcome == Outcome.FAILED && eligible.kind() == Kind.TAG) {
            // Nothing else would be deleted then.
            outcome = Outcome.SPARED;
        }
        String why = outcome == Outcome.SPARED
                ? "written again since the run began"
                : outcome == Outcome.FAILED ? "permission denied" : null;
        if (eligible.kind() == Kind.BLOB && named.contains(eligible.digest())) {
            outcome = Outcome.SPARED;
            why = "something that names it was not deleted";
        }
        if (approves != null
                && (eligible.unreferencedSince() == null
                        || eligible.unreferencedSince().compareTo(approves) > 0)) {
            outcome = Outcome.SPARED;
            why = "not in the dry run that was approved";
        }
        return new DeletionRecord(
                current,
                eligible.kind(),
                eligible.digest(),
                eligible.repository(),
                eligible.tag(),
                eligible.upload(),
                outcome,
                outcome == Outcome.DELETED ? eligible.bytes() : 0,
                why,
                outcome == Outcome.DELETED ? KEEP : null,
                1_795_000_000_000L + random.nextInt(1000));
    }

    /** The run as whoever follows runs sees it. */
    Run run() {
        return run.orElseThrow();
    }
}
