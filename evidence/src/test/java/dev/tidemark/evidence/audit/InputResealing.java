package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.RandomRegistry;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.testkit.Held;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes what is said of a run's input say what is there: its work, its counts and its checksums. */
final class InputResealing {

    private static final Topics TOPICS = RecordedRun.TOPICS;
    private static final RunId RUN = RecordedRun.RUN;

    private final RunEditor run;
    /** The manifests that are there. */
    private final Set<Image> there = new HashSet<>();

    /** By item: the newest link that is not young. */
    private final Map<String, Long> newest = new HashMap<>();

    InputResealing(RunEditor run) {
        this.run = run;
    }

    private record Image(String repository, Digest digest) {}

    void all() {
        Map<String, Map<Input, Map<Integer, long[]>>> counts = new HashMap<>();
        Map<String, Map<Input, Map<Integer, Checksum>>> sums = new HashMap<>();
        Map<String, long[]> bytes = new HashMap<>();
        Map<String, Long> leftovers = new HashMap<>();
        for (Input input : Input.values()) {
            for (Entry entry : run.topics.all()) {
                if (!entry.topic().equals(TOPICS.of(input))
                        || !run.ofRun(entry, null)
                        || Tampering.tree(entry).path("type").asText().endsWith("-of-input")) {
                    continue;
                }
                EnumeratedRecord said = TopicsInMemory.read(EnumeratedRecord.class, entry);
                List<Held<?>> all = Held.in(said);
                String item = item(all.getFirst());
                counts.computeIfAbsent(item, i -> new TreeMap<>())
                                .computeIfAbsent(input, i -> new TreeMap<>())
                                .computeIfAbsent(entry.partition(), p -> new long[1])[0] +=
                        all.size();
                sums.computeIfAbsent(item, i -> new TreeMap<>())
                        .computeIfAbsent(input, i -> new TreeMap<>())
                        .merge(entry.partition(), Checksum.of(entry.value()), Checksum::plus);
                leftovers.merge(
                        item,
                        (long) Held.only(EnumeratedRecord.Leftover.class, all).size(),
                        Long::sum);
                Held.only(EnumeratedRecord.Manifest.class, all).stream()
                        .filter(held -> !held.entry().dangling())
                        .forEach(held -> there.add(new Image(held.repository(), held.digest())));
                Held.entries(EnumeratedRecord.Blob.class, all)
                        .forEach(blob -> bytes.computeIfAbsent(item, i -> new long[1])[0] += blob.size());
                all.forEach(held -> newest.merge(item, old(held.entry()), Math::max));
            }
        }
        work(counts, sums, bytes, leftovers);
    }

    /** When a link that is not young was written; 0 of anything else. */
    private static long old(EnumeratedRecord.Entry entry) {
        long modified = switch (entry) {
            case EnumeratedRecord.Manifest manifest -> manifest.modified();
            case EnumeratedRecord.Layer link -> link.modified();
            case EnumeratedRecord.Blob blob -> 0;
            case EnumeratedRecord.Leftover leftover -> 0;
        };
        return modified < RandomRegistry.CUTOFF ? modified : 0;
    }

    /** A repository by its name, shards by the first digit of what is in them. */
    private static String item(Held<?> one) {
        return one.repository() != null ? one.repository() : one.digest().hex().substring(0, 1) + "0";
    }

    private void work(
            Map<String, Map<Input, Map<Integer, long[]>>> counts,
            Map<String, Map<Input, Map<Integer, Checksum>>> sums,
            Map<String, long[]> bytes,
            Map<String, Long> leftovers) {
        Map<Integer, String> names = new HashMap<>();
        for (Entry entry : run.entries(TOPICS.work(), null)) {
            WorkRecord work = TopicsInMemory.read(WorkRecord.class, entry);
            names.put(
                    work.item(),
                    switch (work) {
                        case WorkRecord.Repository repository -> repository.name();
                        case WorkRecord.Shards shards -> shards.first();
                        case WorkRecord.Multiparts multiparts -> "";
                        case WorkRecord.Trash trash -> "";
                    });
        }
        var ledger = new WorkLedger();
        for (Entry entry : run.entries(TOPICS.workDone(), null)) {
            WorkDoneRecord record = TopicsInMemory.read(WorkDoneRecord.class, entry);
            if (record instanceof WorkDoneRecord.Done done) {
                String name = names.get(done.item());
                List<WorkDoneRecord.Records> records = new ArrayList<>();
                counts.getOrDefault(name, Map.of())
                        .forEach((input, of) -> of.forEach((partition, count) -> records.add(new WorkDoneRecord.Records(
                                input,
                                partition,
                                count[0],
                                sums.get(name).get(input).get(partition)))));
                long manifests = sum(records, Input.MANIFESTS);
                long layers = sum(records, Input.LAYERS) - leftovers.getOrDefault(name, 0L);
                Tags tags = tags(done.repository());
                Checksum said =
                        done.repository() == null ? null : repository(done.repository(), manifests, tags, layers);
                record = new WorkDoneRecord.Done(
                        RUN,
                        done.item(),
                        done.repository(),
                        manifests,
                        tags.count(),
                        tags.going(),
                        tags.orphans(),
                        tags.staying(),
                        layers,
                        sum(records, Input.BLOBS),
                        bytes.getOrDefault(name, new long[1])[0],
                        records,
                        done.problems(),
                        done.examples(),
                        said,
                        new Fingerprint(done.fingerprint().witnesses(), newest.getOrDefault(name, 0L)),
                        done.otherFiles());
                run.replace(entry, TopicsInMemory.written(WorkDoneRecord.class, record));
            }
            ledger.add(record);
        }
        run.entries(TOPICS.runs(), "enumerated")
                .forEach(entry -> run.replace(
                        entry,
                        TopicsInMemory.written(
                                RunRecord.class,
                                ledger.enumerated(
                                        Tampering.tree(entry).path("registry").asText()))));
        Checksum request = run.entries(TOPICS.runs(), "requested").stream()
                .findFirst()
                .map(entry -> ((RunRecord.Requested) TopicsInMemory.read(RunRecord.class, entry)).checksum())
                .orElseThrow();
        for (Input input : Input.values()) {
            run.entries(TOPICS.of(input), "start-of-input")
                    .forEach(entry -> run.replace(
                            entry, Tampering.bytes(Tampering.tree(entry).put("request", request.toString()))));
            run.entries(TOPICS.of(input), "end-of-input").forEach(entry -> {
                WorkDoneRecord.Records sent = ledger.records(input, entry.partition());
                run.replace(
                        entry,
                        TopicsInMemory.written(
                                EnumeratedRecord.class,
                                new EnumeratedRecord.EndOfInput(RUN, input, sent.count(), sent.checksum())));
            });
        }
    }

    private static long sum(List<WorkDoneRecord.Records> records, Input input) {
        return records.stream()
                .filter(sent -> sent.input() == input)
                .mapToLong(WorkDoneRecord.Records::count)
                .sum();
    }

    /** The tags of a repository: how many, how many of them go, and the checksum of their records. */
    private record Tags(long count, long going, long orphans, long staying, Checksum sum) {}

    private Tags tags(String repository) {
        List<TagsRecord.Tag> all = new ArrayList<>();
        Checksum sum = Checksum.NONE;
        for (Entry entry : run.entries(TOPICS.tags(), null)) {
            TagsRecord said = TopicsInMemory.read(TagsRecord.class, entry);
            if (said.repository().equals(repository)) {
                all.addAll(said.tags());
                sum = sum.plus(entry.value());
            }
        }
        return new Tags(
                all.size(),
                all.stream().filter(TagsRecord.Tag::goes).count(),
                all.stream()
                        .filter(tag -> tag.goes() && ReferrersTag.is(tag.name()))
                        .count(),
                all.stream()
                        .filter(tag -> !tag.goes() && !ReferrersTag.is(tag.name()))
                        .filter(tag -> there.contains(new Image(repository, tag.digest())))
                        .count(),
                sum);
    }

    private Checksum repository(String name, long manifests, Tags tags, long layers) {
        Checksum[] sum = {null};
        run.entries(TOPICS.repositories(), null).stream()
                .filter(entry ->
                        Tampering.tree(entry).path("repository").asText().equals(name))
                .forEach(entry -> {
                    byte[] value = Tampering.bytes(Tampering.tree(entry)
                            .put("manifests", manifests)
                            .put("tags", tags.count())
                            .put("going", tags.going())
                            .put("tagged", tags.sum().toString())
                            .put("layerLinks", layers));
                    run.replace(entry, value);
                    sum[0] = Checksum.of(value);
                });
        return sum[0];
    }
}
