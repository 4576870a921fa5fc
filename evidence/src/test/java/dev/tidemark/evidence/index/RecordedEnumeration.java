package dev.tidemark.evidence.index;

import static dev.tidemark.evidence.index.RecordedRun.TOPICS;
import static dev.tidemark.evidence.index.RecordedRun.WORK_PARTITIONS;

import dev.tidemark.marker.Markers;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Witness;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.testkit.Held;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** The enumeration of a run, recorded as an enumerator records it. */
final class RecordedEnumeration {

    private static final Witness WITNESS = new Witness(RandomRegistry.digest("witness"), 1);
    private static final String REGISTRY = "/var/lib/registry";

    private final RunRecord.Requested request;
    private final RunId current;
    private final TopicsInMemory topics;
    private final Markers markers;
    private final Random random;
    private final List<Hold> holds;
    private final TaggedRegistry tagged;
    private final WorkLedger ledger = new WorkLedger();

    /**
     * @param topics that it is recorded in
     * @param markers that read it
     * @param rich whether there are more tags than a registry without a policy has
     */
    RecordedEnumeration(
            RunRecord.Requested request,
            List<Held<?>> registry,
            boolean rich,
            TopicsInMemory topics,
            Markers markers,
            Random random) {
        this.request = request;
        current = request.run();
        this.topics = topics;
        this.markers = markers;
        this.random = random;
        holds = holdsOf(registry, RecordedRun.random(registry.size()));
        tagged = new TaggedRegistry(registry, request, rich || request.policy() != null, holds, random);
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

    /** Records all of it; the end of it is for whoever follows the run to say. */
    RunRecord.Enumerated record() {
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
        items.add(new WorkRecord.Trash(current, items.size(), WITNESS));
        contents.add(List.of());
        round(0, items, 0, contents);
        int first = items.size();
        names.subList(names.size() - late, names.size()).forEach(name -> item(name, repositories, items, contents));
        round(1, items, first, contents);
        for (Input input : Input.values()) {
            for (int p = 0; p < TOPICS.partitions(); p++) {
                WorkDoneRecord.Records sent = ledger.records(input, p);
                enumerated(input, p, new EndOfInput(current, input, sent.count(), sent.checksum()));
            }
        }
        return ledger.enumerated(REGISTRY);
    }

    private void item(
            String name, Map<String, List<Held<?>>> of, List<WorkRecord> items, List<List<Held<?>>> contents) {
        items.add(
                new WorkRecord.Repository(current, items.size(), name, List.of(), null, tagged.pullsSince(), WITNESS));
        contents.add(of.get(name));
    }

    private void round(int round, List<WorkRecord> items, int first, List<List<Held<?>>> contents) {
        Checksum work = Checksum.NONE;
        for (WorkRecord item : items.subList(first, items.size())) {
            work = work.plus(topics.append(
                    TOPICS.work(),
                    item instanceof WorkRecord.Trash ? 0 : random.nextInt(WORK_PARTITIONS),
                    String.valueOf(item.item()),
                    WorkRecord.class,
                    item));
        }
        done(new WorkDoneRecord.Planned(
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
                round == 0 ? List.of(WITNESS) : List.of(),
                Tally.NONE));
        for (int i = first; i < items.size(); i++) {
            switch (items.get(i)) {
                case WorkRecord.Trash trash -> done(trash(i));
                case WorkRecord.Repository repository -> read(i, repository.name(), contents.get(i));
                default -> read(i, null, contents.get(i));
            }
        }
    }

    private WorkDoneRecord.Done trash(int item) {
        var files = new OtherFiles(
                Tally.NONE, Tally.NONE, Tally.NONE, new Tally(2, 142), new OtherFiles.Disk(1_000_000, 2_000_000));
        return new WorkDoneRecord.Done(
                current, item, null, 0, 0, 0, 0, 0, 0, 0, 0, null, null, null, null, Fingerprint.NONE, files);
    }

    private Map<Problem.Kind, Long> problems() {
        return random.nextBoolean() ? Map.of() : Map.of(Problem.Kind.STRAY, 2L, Problem.Kind.DANGLING_TAG, 1L);
    }

    private List<Problem> examples() {
        return random.nextBoolean()
                ? List.of()
                : List.of(new Problem(Problem.Kind.STRAY, "there" + random.nextInt(100), "it is no directory"));
    }

    private void done(WorkDoneRecord record) {
        ledger.add(record);
        topics.append(TOPICS.workDone(), 0, current.toString(), WorkDoneRecord.class, record);
    }

    /** Packs what an item holds, by topic and partition, and says that it is done. */
    private void read(int item, String repository, List<Held<?>> content) {
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
        done(new WorkDoneRecord.Done(
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
                fingerprint(repository, content),
                new OtherFiles(new Tally(layers, 71 * layers), null, Tally.NONE, Tally.NONE, null)));
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
}
