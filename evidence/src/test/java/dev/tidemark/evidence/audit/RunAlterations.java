package dev.tidemark.evidence.audit;

import static dev.tidemark.evidence.audit.RunEditor.without;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.evidence.index.RandomRegistry;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Alterations of what a run was asked, has decided, and has deleted. */
final class RunAlterations {

    private static final Topics TOPICS = RecordedRun.TOPICS;
    private static final RunId RUN = RecordedRun.RUN;

    private final RunEditor run;
    private final Path directory;

    RunAlterations(RunEditor run, Path directory) {
        this.run = run;
        this.directory = directory;
    }

    /** By what is done. */
    Map<String, Alteration> all() {
        var acts = new LinkedHashMap<String, Alteration>();
        acts.put("the cutoff is moved", () -> run.options("cutoff", RandomRegistry.CUTOFF + 1));
        acts.put("untagged manifests are no roots any more, or are again", () -> run.options("deleteUntagged", null));
        acts.put("a dry run is made a real one, or the other way round", () -> run.options("dryRun", null));
        acts.put(
                "the circuit breaker is moved",
                () -> run.edit(
                        TOPICS.runs(),
                        "requested",
                        node -> node.put("maxDelete", node.path("maxDelete").asInt() == 0 ? 100 : 0)));
        acts.put("an eligible record is taken out", () -> run.remove(run.eligibleTopic(), "eligible"));
        acts.put("an eligible record and its deletion are taken out", this::removeBoth);
        acts.put("something live is made eligible", () -> forge(false));
        acts.put("something live is made eligible, and deleted", () -> forge(true));
        acts.put(
                "an eligible record says another size",
                () -> run.edit(
                        run.eligibleTopic(),
                        "eligible",
                        node -> node.put("bytes", node.path("bytes").asLong() + 1)));
        acts.put(
                "an eligible record says another time",
                () -> run.edit(run.eligibleTopic(), "eligible", node -> node.put("modified", 1)));
        acts.put(
                "an eligible record says another reason",
                () -> run.edit(run.eligibleTopic(), "eligible", node -> node.put("reason", "somebody said so")));
        acts.put(
                "an eligible record says another history",
                () -> run.edit(run.eligibleTopic(), "eligible", node -> {
                    node.putArray("history").add("another");
                    return node;
                }));
        acts.put("a deletion is taken out", () -> run.remove(TOPICS.deletions(), null));
        acts.put("a deletion is there twice", this::repeatDeletion);
        acts.put(
                "a deletion says that it freed more",
                () -> run.edit(
                        TOPICS.deletions(),
                        null,
                        node -> node.put("bytes", node.path("bytes").asLong() + 1)));
        acts.put(
                "a deletion is of another blob",
                () -> run.edit(
                        TOPICS.deletions(),
                        null,
                        node -> node.put(
                                "digest", RandomRegistry.digest("nobody's").toString())));
        acts.put("the approval is taken out", () -> run.remove(TOPICS.runs(), "approved"));
        acts.put("that it waited is taken out", () -> run.remove(TOPICS.runs(), "waiting"));
        acts.put(
                "a partition's decision says that more is live",
                () -> run.edit(TOPICS.runs(), "decided", node -> {
                    ((ObjectNode) node.path("totals"))
                            .put(
                                    "liveManifests",
                                    node.path("totals").path("liveManifests").asLong() + 1);
                    return node;
                }));
        acts.put("a mark is taken out, and the rest renumbered", () -> markRemoved());
        acts.put(
                "a record of the approved dry run is taken out",
                () -> run.topics.all().stream().anyMatch(this::ofTheDryRun) && removeApproved());
        return acts;
    }

    private boolean ofTheDryRun(Entry entry) {
        return entry.topic().equals(TOPICS.eligibleDryRun())
                && Tampering.tree(entry).path("run").asText().equals(RecordedRun.DRY.text());
    }

    private boolean removeBoth() {
        List<Entry> deletions = run.entries(TOPICS.deletions(), null);
        if (deletions.isEmpty()) {
            return false;
        }
        Entry deletion = deletions.get(run.random.nextInt(deletions.size()));
        ObjectNode of = Tampering.tree(deletion);
        run.replace(deletion, null);
        Predicate<ObjectNode> same = tree -> tree.path("digest").equals(of.path("digest"))
                && tree.path("kind").equals(of.path("kind"))
                && tree.path("repository").equals(of.path("repository"));
        run.entries(TOPICS.eligible(), "eligible").stream()
                .filter(entry -> same.test(Tampering.tree(entry)))
                .forEach(entry -> run.replace(entry, null));
        return true;
    }

    private boolean repeatDeletion() {
        List<Entry> deletions = run.entries(TOPICS.deletions(), null);
        if (deletions.isEmpty()) {
            return false;
        }
        Entry entry = deletions.getFirst();
        run.topics.partition(entry.topic(), entry.partition()).entries.add(entry);
        Tampering.renumber(run.topics, entry.topic(), entry.partition());
        return true;
    }

    /** A blob that something live references, as eligible as can be, and perhaps its deletion. */
    private boolean forge(boolean deleted) {
        Digest[] live = new Digest[1];
        try (RunIndex index = RecordedRun.index(directory, run.topics)) {
            Sql.each(
                    index.connection(),
                    "SELECT d.text FROM live l JOIN blob b ON b.digest = l.digest JOIN digest d ON d.id = l.digest "
                            + "LIMIT 1",
                    row -> live[0] = Digest.parse(row.getString(1)));
        }
        if (live[0] == null
                || run.entries(run.eligibleTopic(), "end-of-eligible").isEmpty()) {
            return false;
        }
        int partition = TOPICS.partition(live[0]);
        var eligible = new Eligible(RUN, Kind.BLOB, live[0], null, null, 1, "nothing live references it", 1, null, RUN);
        List<Entry> in = run.topics.partition(run.eligibleTopic(), partition).entries;
        int end = in.indexOf(in.stream()
                .filter(entry -> run.ofRun(entry, "end-of-eligible"))
                .findFirst()
                .orElseThrow());
        in.add(
                end,
                new Entry(
                        run.eligibleTopic(),
                        partition,
                        0,
                        1,
                        bytes(live[0]),
                        TopicsInMemory.written(EligibleRecord.class, eligible)));
        Tampering.renumber(run.topics, run.eligibleTopic(), partition);
        if (deleted) {
            var deletion =
                    new DeletionRecord(RUN, Kind.BLOB, live[0], null, DeletionRecord.Outcome.DELETED, 1, null, 1);
            run.topics.append(TOPICS.deletions(), partition, live[0].toString(), DeletionRecord.class, deletion);
        }
        return true;
    }

    private static byte[] bytes(Digest digest) {
        return digest.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** One mark less, in a record that has others; its sender then says that it sent one less. */
    private boolean markRemoved() {
        for (Entry entry : run.entries(TOPICS.marks(), "marks")) {
            ObjectNode tree = Tampering.tree(entry);
            for (JsonNode of : tree.path("marks")) {
                if (of.path("digests").size() + of.path("optionalDigests").size() > 1
                        && !of.path("digests").isEmpty()) {
                    without((ObjectNode) of, "digests", 0);
                    run.replace(entry, Tampering.bytes(tree));
                    int sender = tree.path("from").asInt();
                    long[] steps = {0};
                    run.topics.partition(entry.topic(), entry.partition()).entries.stream()
                            .filter(before -> before.offset() < entry.offset()
                                    && run.ofRun(before, "end-of-superstep")
                                    && Tampering.tree(before).path("from").asInt() == sender)
                            .forEach(before -> steps[0]++);
                    for (Entry barrier : run.entries(TOPICS.marks(), "end-of-superstep")) {
                        ObjectNode said = Tampering.tree(barrier);
                        if (said.path("from").asInt() == sender
                                && said.path("superstep").asLong() == steps[0]) {
                            run.replace(
                                    barrier,
                                    Tampering.bytes(
                                            said.put("sent", said.path("sent").asLong() - 1)));
                        }
                    }
                    return true;
                }
            }
        }
        return false;
    }

    private boolean removeApproved() {
        for (Entry deletion : run.entries(TOPICS.deletions(), null)) {
            ObjectNode of = Tampering.tree(deletion);
            if (of.path("outcome").asText().equals("deleted")) {
                List<Entry> approved = run.topics.all().stream()
                        .filter(entry -> ofTheDryRun(entry)
                                && Tampering.tree(entry).path("digest").equals(of.path("digest")))
                        .toList();
                approved.forEach(entry -> run.replace(entry, null));
                if (!approved.isEmpty()) {
                    Resealing.eligible(run, TOPICS.eligibleDryRun(), RecordedRun.DRY);
                    return true;
                }
            }
        }
        return false;
    }
}
