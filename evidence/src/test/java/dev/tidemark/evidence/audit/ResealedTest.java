package dev.tidemark.evidence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.evidence.index.RandomRegistry;
import dev.tidemark.evidence.index.RecordSource;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.testkit.Held;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody tampers with a run who knows the checksums: all counts and sums are made to fit what was altered, in every record that says
 * them. What then gives it away is what the records mean.
 */
class ResealedTest {

  private static final Topics TOPICS = RecordedRun.TOPICS;
  private static final RunId RUN = RecordedRun.RUN;

  @TempDir private Path directory;

  private Random random;
  private TopicsInMemory topics;

  /** What somebody does; false if there is nothing to do it to. */
  private interface Act {
    boolean done();
  }

  private Map<String, Act> acts() {
    var acts = new LinkedHashMap<String, Act>();
    acts.put("a manifest is taken out", () -> editEntries(TOPICS.manifests(), entry -> null));
    acts.put("a manifest loses a reference", () -> editEntries(TOPICS.manifests(), entry ->
        entry.path("references").isEmpty() ? entry : removed(entry, "references", 0)));
    acts.put("a manifest loses its tag", () -> editEntries(TOPICS.manifests(), entry -> removed(entry, "tags")));
    acts.put("a manifest gets another reference", () -> editEntries(TOPICS.manifests(), entry -> {
      entry.withArray("references").add(RandomRegistry.digest("layer" + random.nextInt(8)).toString());
      return entry;
    }));
    acts.put("a blob is taken out", () -> editEntries(TOPICS.blobs(), entry -> null));
    acts.put("a young blob is made old", () -> editEntries(TOPICS.blobs(), ResealedTest::aged));
    acts.put("a pin is taken from a blob", () -> editEntries(TOPICS.blobs(), entry -> removed(entry, "pinned")));
    acts.put("a blob is made larger", () -> editEntries(TOPICS.blobs(), entry -> entry.put("size", entry.path("size").asLong() + 1)));
    acts.put("a layer link is taken out", () -> editEntries(TOPICS.layers(), entry -> null));
    acts.put("a young layer link is made old", () -> editEntries(TOPICS.layers(), ResealedTest::aged));
    acts.put("a layer link forgets its target", () -> editEntries(TOPICS.layers(), entry -> removed(entry, "target")));
    acts.put("the cutoff is moved", () -> options("cutoff", RandomRegistry.CUTOFF + 1));
    acts.put("untagged manifests are no roots any more, or are again", () -> options("deleteUntagged", null));
    acts.put("a dry run is made a real one, or the other way round", () -> options("dryRun", null));
    acts.put("the circuit breaker is moved", () -> edit(TOPICS.runs(), "requested", node -> node.put("maxDelete", node.path("maxDelete").asInt() == 0 ? 100 : 0)));
    acts.put("an eligible record is taken out", () -> remove(eligibleTopic(), "eligible"));
    acts.put("an eligible record and its deletion are taken out", this::removeBoth);
    acts.put("something live is made eligible", () -> forge(false));
    acts.put("something live is made eligible, and deleted", () -> forge(true));
    acts.put("an eligible record says another size", () -> edit(eligibleTopic(), "eligible", node -> node.put("bytes", node.path("bytes").asLong() + 1)));
    acts.put("an eligible record says another time", () -> edit(eligibleTopic(), "eligible", node -> node.put("modified", 1)));
    acts.put("an eligible record says another reason", () -> edit(eligibleTopic(), "eligible", node -> node.put("reason", "somebody said so")));
    acts.put("an eligible record says another history", () -> edit(eligibleTopic(), "eligible", node -> {
      node.putArray("history").add("another");
      return node;
    }));
    acts.put("a deletion is taken out", () -> remove(TOPICS.deletions(), null));
    acts.put("a deletion is there twice", this::repeatDeletion);
    acts.put("a deletion says that it freed more", () -> edit(TOPICS.deletions(), null, node -> node.put("bytes", node.path("bytes").asLong() + 1)));
    acts.put("a deletion is of another blob", () -> edit(TOPICS.deletions(), null, node -> node.put("digest", RandomRegistry.digest("nobody's").toString())));
    acts.put("the approval is taken out", () -> remove(TOPICS.runs(), "approved"));
    acts.put("that it waited is taken out", () -> remove(TOPICS.runs(), "waiting"));
    acts.put("a partition's decision says that more is live", () -> edit(TOPICS.runs(), "decided", node -> {
      ((ObjectNode) node.path("totals")).put("liveManifests", node.path("totals").path("liveManifests").asLong() + 1);
      return node;
    }));
    acts.put("a mark is taken out, and the rest renumbered", () -> markRemoved());
    acts.put("a record of the approved dry run is taken out", () -> topics.all().stream().anyMatch(this::ofTheDryRun) && removeApproved());
    return acts;
  }

  @Test
  void whatWasAlteredAndSealedAgainIsNotProved() {
    var counts = new TreeMap<String, int[]>();
    List<String> survivors = new ArrayList<>();
    for (long seed = 5000; seed < 5032; seed++) {
      TopicsInMemory original = RecordedRun.of(seed).topics;
      random = RecordedRun.random(seed);
      topics = original;
      String decisions = audit(original, new ArrayList<>()).decisions();
      for (String name : acts().keySet()) {
        topics = original.copy();
        int[] count = counts.computeIfAbsent(name, n -> new int[3]);
        if (!acts().get(name).done()) {
          continue;
        }
        reseal();
        List<String> why = new ArrayList<>();
        Audited audited = audit(topics, why);
        if (audited.verdict() instanceof Verdict.Proved) {
          // What was altered decides nothing: only the checksums would have told, or the storage.
          count[2]++;
          if (!audited.decisions().equals(decisions)) {
            survivors.add("seed " + seed + ": " + name);
          }
        } else {
          count[audited.verdict() instanceof Verdict.Disproved ? 0 : 1]++;
        }
      }
    }
    System.out.printf("%-64s%12s%12s%12s%n", "sealed again", "disproved", "unprovable", "no effect");
    counts.forEach((name, count) -> System.out.printf("%-64s%12d%12d%12d%n", name, count[0], count[1], count[2]));
    assertThat(survivors).isEmpty();
    assertThat(counts).allSatisfy((name, count) -> assertThat(count[0] + count[1]).as(name).isPositive());
  }

  /** @param decisions what is live, linked live and eligible by the records, in words */
  private record Audited(Verdict verdict, String decisions) {}

  private Audited audit(RecordSource source, List<String> why) {
    try (RunIndex index = RecordedRun.index(directory, source)) {
      Audit audit = Audit.of(index);
      audit.eachFinding(5, finding -> why.add(finding.what()));
      var decisions = new StringBuilder();
      Sql.each(
          index.connection(),
          "SELECT d.text, x.kind, p.name, x.bytes FROM temp.expected_eligible x JOIN digest d ON d.id = x.digest"
              + " LEFT JOIN repository p ON p.id = x.repository ORDER BY 1, 2, 3",
          row -> decisions.append(row.getString(1)).append(row.getString(2)).append(row.getString(3)).append(row.getLong(4)).append('\n'));
      Sql.each(
          index.connection(), "SELECT d.text FROM live l JOIN digest d ON d.id = l.digest ORDER BY 1",
          row -> decisions.append(row.getString(1)).append('\n'));
      return new Audited(audit.verdict(), decisions.toString());
    }
  }

  private static ObjectNode aged(ObjectNode entry) {
    return entry.path("modified").asLong() >= RandomRegistry.CUTOFF ? entry.put("modified", 1) : entry;
  }

  private static ObjectNode removed(ObjectNode node, String field) {
    node.remove(field);
    return node;
  }

  private static ObjectNode removed(ObjectNode node, String field, int at) {
    ((ArrayNode) node.path(field)).remove(at);
    return node;
  }

  private interface Edit {
    /** The record as it is to be; null to take it out. */
    ObjectNode of(ObjectNode node);
  }

  private boolean ofRun(Entry entry, String type) {
    ObjectNode tree = Tampering.tree(entry);
    return tree.path("run").asText().equals(RUN.text()) && (type == null || tree.path("type").asText().equals(type));
  }

  private boolean ofTheDryRun(Entry entry) {
    return entry.topic().equals(TOPICS.eligibleDryRun()) && Tampering.tree(entry).path("run").asText().equals(RecordedRun.DRY.text());
  }

  private List<Entry> entries(String topic, String type) {
    return topics.all().stream().filter(entry -> entry.topic().equals(topic) && ofRun(entry, type)).toList();
  }

  private void replace(Entry entry, byte[] value) {
    List<Entry> in = topics.partition(entry.topic(), entry.partition()).entries;
    if (value == null) {
      in.remove(entry);
    } else {
      in.set(in.indexOf(entry), Tampering.with(entry, value));
    }
  }

  /** Edits one record of that type. */
  private boolean edit(String topic, String type, Edit edit) {
    List<Entry> all = entries(topic, type);
    if (all.isEmpty()) {
      return false;
    }
    Entry entry = all.get(random.nextInt(all.size()));
    ObjectNode before = Tampering.tree(entry);
    ObjectNode after = edit.of(before.deepCopy());
    replace(entry, after == null ? null : Tampering.bytes(after));
    return after == null || !after.equals(before);
  }

  private boolean remove(String topic, String type) {
    return edit(topic, type, node -> null);
  }

  /** Edits one entry of a pack that the edit changes something of. */
  private boolean editEntries(String topic, Edit edit) {
    String field = topic.substring(TOPICS.prefix().length());
    List<Runnable> possible = new ArrayList<>();
    for (Entry entry : topics.all()) {
      if (!entry.topic().equals(topic) || !ofRun(entry, null) || Tampering.tree(entry).path("type").asText().endsWith("-of-input")) {
        continue;
      }
      ObjectNode tree = Tampering.tree(entry);
      JsonNode pack = tree.path(field);
      for (int i = 0; i < pack.size(); i++) {
        ObjectNode copy = tree.deepCopy();
        ArrayNode all = (ArrayNode) copy.path(field);
        ObjectNode after = edit.of((ObjectNode) all.get(i).deepCopy());
        if (after == null) {
          all.remove(i);
          possible.add(() -> replace(entry, all.isEmpty() ? null : Tampering.bytes(copy)));
        } else if (!after.equals(all.get(i))) {
          all.set(i, after);
          possible.add(() -> replace(entry, Tampering.bytes(copy)));
        }
      }
    }
    if (possible.isEmpty()) {
      return false;
    }
    possible.get(random.nextInt(possible.size())).run();
    return true;
  }

  /** Changes an option wherever it is said; a boolean is turned round. */
  private boolean options(String name, Long value) {
    for (Entry entry : topics.all()) {
      if (ofRun(entry, "requested") || ofRun(entry, "start-of-input")) {
        ObjectNode tree = Tampering.tree(entry);
        ObjectNode options = (ObjectNode) tree.path("options");
        if (value == null) {
          options.put(name, !options.path(name).asBoolean());
        } else {
          options.put(name, value);
        }
        replace(entry, Tampering.bytes(tree));
      }
    }
    return true;
  }

  private String eligibleTopic() {
    return entries(TOPICS.eligible(), "end-of-eligible").isEmpty() ? TOPICS.eligibleDryRun() : TOPICS.eligible();
  }

  private boolean removeBoth() {
    List<Entry> deletions = entries(TOPICS.deletions(), null);
    if (deletions.isEmpty()) {
      return false;
    }
    Entry deletion = deletions.get(random.nextInt(deletions.size()));
    ObjectNode of = Tampering.tree(deletion);
    replace(deletion, null);
    Predicate<ObjectNode> same = tree ->
        tree.path("digest").equals(of.path("digest")) && tree.path("kind").equals(of.path("kind")) && tree.path("repository").equals(of.path("repository"));
    entries(TOPICS.eligible(), "eligible").stream().filter(entry -> same.test(Tampering.tree(entry))).forEach(entry -> replace(entry, null));
    return true;
  }

  private boolean repeatDeletion() {
    List<Entry> deletions = entries(TOPICS.deletions(), null);
    if (deletions.isEmpty()) {
      return false;
    }
    Entry entry = deletions.getFirst();
    topics.partition(entry.topic(), entry.partition()).entries.add(entry);
    Tampering.renumber(topics, entry.topic(), entry.partition());
    return true;
  }

  /** A blob that something live references, as eligible as can be, and perhaps its deletion. */
  private boolean forge(boolean deleted) {
    Digest[] live = new Digest[1];
    try (RunIndex index = RecordedRun.index(directory, topics)) {
      Sql.each(
          index.connection(), "SELECT d.text FROM live l JOIN blob b ON b.digest = l.digest JOIN digest d ON d.id = l.digest LIMIT 1",
          row -> live[0] = Digest.parse(row.getString(1)));
    }
    if (live[0] == null || entries(eligibleTopic(), "end-of-eligible").isEmpty()) {
      return false;
    }
    int partition = TOPICS.partition(live[0]);
    var eligible = new Eligible(RUN, Kind.BLOB, live[0], null, 1, "nothing live references it", 1, null, RUN);
    List<Entry> in = topics.partition(eligibleTopic(), partition).entries;
    int end = in.indexOf(in.stream().filter(entry -> ofRun(entry, "end-of-eligible")).findFirst().orElseThrow());
    in.add(end, new Entry(eligibleTopic(), partition, 0, 1, bytes(live[0]), TopicsInMemory.written(EligibleRecord.class, eligible)));
    Tampering.renumber(topics, eligibleTopic(), partition);
    if (deleted) {
      var deletion = new DeletionRecord(RUN, Kind.BLOB, live[0], null, DeletionRecord.Outcome.DELETED, 1, null, 1);
      topics.append(TOPICS.deletions(), partition, live[0].toString(), DeletionRecord.class, deletion);
    }
    return true;
  }

  private static byte[] bytes(Digest digest) {
    return digest.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** One mark less, in a record that has others; its sender then says that it sent one less. */
  private boolean markRemoved() {
    for (Entry entry : entries(TOPICS.marks(), "marks")) {
      ObjectNode tree = Tampering.tree(entry);
      for (JsonNode of : tree.path("marks")) {
        if (of.path("digests").size() + of.path("optionalDigests").size() > 1 && !of.path("digests").isEmpty()) {
          ((ArrayNode) of.path("digests")).remove(0);
          replace(entry, Tampering.bytes(tree));
          int sender = tree.path("from").asInt();
          long[] steps = {0};
          topics.partition(entry.topic(), entry.partition()).entries.stream()
              .filter(before -> before.offset() < entry.offset() && ofRun(before, "end-of-superstep") && Tampering.tree(before).path("from").asInt() == sender)
              .forEach(before -> steps[0]++);
          for (Entry barrier : entries(TOPICS.marks(), "end-of-superstep")) {
            ObjectNode said = Tampering.tree(barrier);
            if (said.path("from").asInt() == sender && said.path("superstep").asLong() == steps[0]) {
              replace(barrier, Tampering.bytes(said.put("sent", said.path("sent").asLong() - 1)));
            }
          }
          return true;
        }
      }
    }
    return false;
  }

  private boolean removeApproved() {
    for (Entry deletion : entries(TOPICS.deletions(), null)) {
      ObjectNode of = Tampering.tree(deletion);
      if (of.path("outcome").asText().equals("deleted")) {
        List<Entry> approved =
            topics.all().stream().filter(entry -> ofTheDryRun(entry) && Tampering.tree(entry).path("digest").equals(of.path("digest"))).toList();
        approved.forEach(entry -> replace(entry, null));
        if (!approved.isEmpty()) {
          resealEligible(TOPICS.eligibleDryRun(), RecordedRun.DRY);
          return true;
        }
      }
    }
    return false;
  }

  // Everything that says a count or a checksum is made to say what is there.

  private void reseal() {
    resealInput();
    resealEligible(eligibleTopic(), RUN);
    resealSweeps();
  }

  private void resealInput() {
    Map<String, Map<Input, Map<Integer, long[]>>> counts = new HashMap<>();
    Map<String, Map<Input, Map<Integer, Checksum>>> sums = new HashMap<>();
    Map<String, long[]> bytes = new HashMap<>();
    Map<String, Long> tags = new HashMap<>();
    for (Input input : Input.values()) {
      for (Entry entry : topics.all()) {
        if (!entry.topic().equals(TOPICS.of(input)) || !ofRun(entry, null) || Tampering.tree(entry).path("type").asText().endsWith("-of-input")) {
          continue;
        }
        EnumeratedRecord said = TopicsInMemory.read(EnumeratedRecord.class, entry);
        List<Held<?>> all = Held.in(said);
        String item = item(all.getFirst());
        counts.computeIfAbsent(item, i -> new TreeMap<>()).computeIfAbsent(input, i -> new TreeMap<>())
            .computeIfAbsent(entry.partition(), p -> new long[1])[0] += all.size();
        sums.computeIfAbsent(item, i -> new TreeMap<>()).computeIfAbsent(input, i -> new TreeMap<>())
            .merge(entry.partition(), Checksum.of(entry.value()), Checksum::plus);
        Held.entries(EnumeratedRecord.Blob.class, all).forEach(blob -> bytes.computeIfAbsent(item, i -> new long[1])[0] += blob.size());
        Held.entries(EnumeratedRecord.Manifest.class, all).forEach(manifest -> tags.merge(item, (long) manifest.tags().size(), Long::sum));
      }
    }
    resealWork(counts, sums, bytes, tags);
  }

  /** A repository by its name, shards by the first digit of what is in them. */
  private static String item(Held<?> one) {
    return one.repository() != null ? one.repository() : one.digest().hex().substring(0, 1) + "0";
  }

  private void resealWork(
      Map<String, Map<Input, Map<Integer, long[]>>> counts, Map<String, Map<Input, Map<Integer, Checksum>>> sums, Map<String, long[]> bytes,
      Map<String, Long> tags) {
    Map<Integer, String> names = new HashMap<>();
    for (Entry entry : entries(TOPICS.work(), null)) {
      WorkRecord work = TopicsInMemory.read(WorkRecord.class, entry);
      names.put(work.item(), switch (work) {
        case WorkRecord.Repository repository -> repository.name();
        case WorkRecord.Shards shards -> shards.first();
      });
    }
    var ledger = new WorkLedger();
    for (Entry entry : entries(TOPICS.workDone(), null)) {
      WorkDoneRecord record = TopicsInMemory.read(WorkDoneRecord.class, entry);
      if (record instanceof WorkDoneRecord.Done done) {
        String name = names.get(done.item());
        List<WorkDoneRecord.Records> records = new ArrayList<>();
        counts.getOrDefault(name, Map.of()).forEach((input, of) -> of.forEach((partition, count) ->
            records.add(new WorkDoneRecord.Records(input, partition, count[0], sums.get(name).get(input).get(partition)))));
        long manifests = sum(records, Input.MANIFESTS);
        long layers = sum(records, Input.LAYERS);
        long tagged = tags.getOrDefault(name, 0L);
        Checksum said = done.repository() == null ? null : resealRepository(done.repository(), manifests, tagged, layers);
        record = new WorkDoneRecord.Done(
            RUN, done.item(), done.repository(), manifests, tagged, layers, sum(records, Input.BLOBS), bytes.getOrDefault(name, new long[1])[0], records,
            done.problems(), done.examples(), said);
        replace(entry, TopicsInMemory.written(WorkDoneRecord.class, record));
      }
      ledger.add(record);
    }
    entries(TOPICS.runs(), "enumerated").forEach(entry -> replace(
        entry, TopicsInMemory.written(RunRecord.class, ledger.enumerated(Tampering.tree(entry).path("registry").asText()))));
    Checksum request = entries(TOPICS.runs(), "requested").stream().findFirst()
        .map(entry -> ((RunRecord.Requested) TopicsInMemory.read(RunRecord.class, entry)).checksum()).orElseThrow();
    for (Input input : Input.values()) {
      entries(TOPICS.of(input), "start-of-input").forEach(entry ->
          replace(entry, Tampering.bytes(Tampering.tree(entry).put("request", request.toString()))));
      entries(TOPICS.of(input), "end-of-input").forEach(entry -> {
        WorkDoneRecord.Records sent = ledger.records(input, entry.partition());
        replace(entry, TopicsInMemory.written(EnumeratedRecord.class, new EnumeratedRecord.EndOfInput(RUN, input, sent.count(), sent.checksum())));
      });
    }
  }

  private static long sum(List<WorkDoneRecord.Records> records, Input input) {
    return records.stream().filter(sent -> sent.input() == input).mapToLong(WorkDoneRecord.Records::count).sum();
  }

  private Checksum resealRepository(String name, long manifests, long tags, long layers) {
    Checksum[] sum = {null};
    entries(TOPICS.repositories(), null).stream().filter(entry -> Tampering.tree(entry).path("repository").asText().equals(name)).forEach(entry -> {
      byte[] value = Tampering.bytes(Tampering.tree(entry).put("manifests", manifests).put("tags", tags).put("layerLinks", layers));
      replace(entry, value);
      sum[0] = Checksum.of(value);
    });
    return sum[0];
  }

  private void resealEligible(String topic, RunId of) {
    each(topic, all -> {
      Checksum sum = Checksum.NONE;
      long count = 0;
      for (Entry entry : all) {
        if (TopicsInMemory.read(EligibleRecord.class, entry).run().equals(of)) {
          if (TopicsInMemory.read(EligibleRecord.class, entry) instanceof EligibleRecord.EndOfEligible end) {
            replace(entry, TopicsInMemory.written(EligibleRecord.class, new EligibleRecord.EndOfEligible(of, end.partition(), count, sum)));
          } else {
            sum = sum.plus(entry.value());
            count++;
          }
        }
      }
    });
  }

  private void resealSweeps() {
    Map<Integer, Sweep> sweeps = new HashMap<>();
    Map<Integer, Checksum> sums = new HashMap<>();
    for (Entry entry : entries(TOPICS.deletions(), null)) {
      sweeps.merge(entry.partition(), Sweep.NONE.plus(TopicsInMemory.read(DeletionRecord.class, entry)), Sweep::plus);
      sums.merge(entry.partition(), Checksum.of(entry.value()), Checksum::plus);
    }
    String by = entries(TOPICS.runs(), "approved").stream().findFirst().map(entry -> Tampering.tree(entry).path("by").asText()).orElse(null);
    for (Entry entry : entries(TOPICS.runs(), "swept")) {
      var swept = (RunRecord.Swept) TopicsInMemory.read(RunRecord.class, entry);
      replace(entry, TopicsInMemory.written(RunRecord.class, new RunRecord.Swept(
          RUN, swept.partition(), swept.partitions(), sweeps.getOrDefault(swept.partition(), Sweep.NONE),
          sums.getOrDefault(swept.partition(), Checksum.NONE), by)));
    }
  }

  private void each(String topic, Consumer<List<Entry>> each) {
    topics.partitions.get(topic).values().forEach(partition -> each.accept(List.copyOf(partition.entries)));
  }

  @Test
  void whatIsSealedAgainUntouchedIsProvedStill() {
    for (long seed = 5000; seed < 5016; seed++) {
      topics = RecordedRun.of(seed).topics.copy();
      reseal();
      List<String> why = new ArrayList<>();
      assertThat(audit(topics, why).verdict()).as("seed %d: %s", seed, why).isEqualTo(new Verdict.Proved());
    }
  }
}
