package dev.tidemark.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.testkit.DefaultLocale;
import dev.tidemark.testkit.Soak;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An untouched run is proved; with any single record dropped, repeated, changed or added, it isn't. */
class AuditPropertiesTest {

  static final RunId DRY = new RunId("20261101-000000");
  static final RunId RUN = new RunId("20261102-000000");
  /** The seed of a run that the circuit breaker held. */
  private static final long HELD = 2;
  /** Two of each kind of run. */
  private static final int SEEDS = 8;

  @TempDir private Path directory;

  /** Seeds that follow each other begin alike otherwise. */
  static Random random(long seed) {
    return new Random(seed * 0x9E3779B97F4A7C15L);
  }

  /** A run of that seed: a dry run, a real one, one that the breaker held, or one that approves the dry run before it. */
  static RecordedRun recorded(long seed) {
    var random = random(seed);
    var recorded = new RecordedRun(random);
    boolean untagged = random.nextInt(4) > 0;
    int kind = Math.floorMod(seed, 4);
    boolean approving = kind == 3;
    boolean dryRun = kind == 0;
    if (approving) {
      recorded.record(DRY, RandomRegistry.of(random), new Options(RandomRegistry.CUTOFF, untagged, true), 100, null);
    }
    int maxDelete = kind == 2 ? 0 : 100;
    recorded.record(RUN, RandomRegistry.of(random), new Options(RandomRegistry.CUTOFF, untagged, dryRun), maxDelete, approving ? DRY : null);
    return recorded;
  }

  Verdict verdict(RecordSource source, List<String> why) {
    try (RunIndex index = RunIndex.build(directory, source, RecordedRun.TOPICS, RUN, true, progress -> {})) {
      Audit audit = Audit.of(index);
      audit.eachFinding(20, finding -> why.add(finding.kind() + ": " + finding.what() + " " + finding.topic() + "-" + finding.partition() + "@" + finding.offset()));
      why.addAll(audit.gaps());
      return audit.verdict();
    }
  }

  @Property(tries = 200)
  void anUntouchedRunIsProved(@ForAll long seed) throws IOException {
    directory = Files.createTempDirectory("audit");
    try {
      List<String> why = new ArrayList<>();
      assertThat(verdict(recorded(seed).topics, why)).as(why.toString()).isEqualTo(new Verdict.Proved());
    } finally {
      Files.delete(directory.resolve(RUN + ".sqlite"));
      Files.delete(directory);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {DefaultLocale.GERMAN, DefaultLocale.ARABIC})
  void aRunThatWasHeldIsProvedWhateverTheLocaleOfWhoRecordedItAndOfWhoAuditsIt(String abroad) {
    TopicsInMemory atHome = recorded(HELD).topics;
    List<String> why = new ArrayList<>();
    TopicsInMemory recordedAbroad;
    try (var locale = DefaultLocale.of(abroad)) {
      recordedAbroad = recorded(HELD).topics;
      assertThat(verdict(atHome, why)).as(why.toString()).isEqualTo(new Verdict.Proved());
    }
    assertThat(atHome.all()).anyMatch(entry -> new String(entry.value(), StandardCharsets.UTF_8).contains("\"waiting\""));
    assertThat(difference(atHome, recordedAbroad)).isEmpty();
    assertThat(verdict(recordedAbroad, why)).as(why.toString()).isEqualTo(new Verdict.Proved());
  }

  @Test
  void aRunThatWaitsForAnotherReasonThanItSaysIsDisproved() {
    for (String said : List.of("1.5 %", "99.9 %")) {
      TopicsInMemory topics = recorded(HELD).topics;
      TopicsInMemory.Partition runs = topics.partition(RecordedRun.TOPICS.runs(), 0);
      runs.entries.replaceAll(entry -> Tampering.with(
          entry, new String(entry.value(), StandardCharsets.UTF_8).replaceFirst("[0-9.]+ %", said).getBytes(StandardCharsets.UTF_8)));
      assertThat(verdict(topics, new ArrayList<>())).isInstanceOf(Verdict.Disproved.class);
    }
  }

  /** Those of the last round are all that there are: of the first, nothing else says how many they were. */
  @Test
  void aRunWhoseFirstRoundCountsMoreItemsThanThereAreIsDisproved() {
    for (long seed = 0; seed < 8; seed++) {
      TopicsInMemory topics = recorded(seed).topics;
      topics.partition(RecordedRun.TOPICS.workDone(), 0).entries.replaceAll(entry -> {
        ObjectNode tree = Tampering.tree(entry);
        boolean first = tree.path("run").asText().equals(RUN.text()) && tree.path("type").asText().equals("planned") && tree.path("round").asInt() == 0;
        return first ? Tampering.with(entry, Tampering.bytes(tree.put("items", tree.path("items").asInt() + 2))) : entry;
      });
      assertThat(verdict(topics, new ArrayList<>())).as("seed " + seed).isInstanceOf(Verdict.Disproved.class);
    }
  }

  @Test
  void aRunWithASingleRecordTamperedWithIsNot() {
    tamperedWithIsNot(1000);
  }

  @Test
  @Tag("soak")
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void runsOfManySeedsTamperedWithAreNot() {
    var soak = new Soak();
    long seed = Soak.seed();
    do {
      tamperedWithIsNot(seed);
      seed += SEEDS;
    } while (soak.goesOn());
  }

  private void tamperedWithIsNot(long first) {
    var counts = new TreeMap<String, int[]>();
    List<String> survivors = new ArrayList<>();
    for (long seed = first; seed < first + SEEDS; seed++) {
      var random = random(seed);
      RecordedRun recorded = recorded(seed);
      var tampering = new Tampering(random, RUN);
      for (Map.Entry<String, List<RecordSource.Entry>> kind : tampering.kinds(recorded.topics).entrySet()) {
        for (Tampering.Act act : Tampering.Act.values()) {
          RecordSource.Entry entry = kind.getValue().get(random.nextInt(kind.getValue().size()));
          TopicsInMemory tampered = tampering.tampered(recorded.topics, entry, act);
          List<String> why = new ArrayList<>();
          Verdict verdict = verdict(tampered, why);
          if (verdict instanceof Verdict.Proved) {
            survivors.add("seed %d, %s %s: %s%n%s".formatted(
                seed, act, kind.getKey(), new String(entry.value()), difference(recorded.topics, tampered)));
          }
          int[] count = counts.computeIfAbsent(kind.getKey(), k -> new int[2 * Tampering.Act.values().length]);
          count[2 * act.ordinal() + (verdict instanceof Verdict.Disproved ? 0 : 1)]++;
        }
      }
    }
    print(counts);
    assertThat(survivors).isEmpty();
    assertThat(counts.keySet()).containsExactlyInAnyOrder(
        "blobs", "blobs end-of-input", "blobs start-of-input", "deletions", "eligible", "eligible end-of-eligible",
        "eligible.dry-run eligible", "eligible.dry-run end-of-eligible", "layers", "layers end-of-input",
        "layers start-of-input", "manifests", "manifests end-of-input", "manifests start-of-input", "marks", "marks end-of-superstep",
        "repositories", "runs approved", "runs decided", "runs enumerated", "runs requested", "runs swept",
        "runs waiting", "work repository", "work shards", "work.done done", "work.done planned");
    assertThat(counts.values()).allSatisfy(count -> {
      for (Tampering.Act act : Tampering.Act.values()) {
        assertThat(count[2 * act.ordinal()] + count[2 * act.ordinal() + 1]).as(act.name()).isPositive();
      }
    });
  }

  /** What the failing case was, for whoever reads the failure. */
  private static String difference(TopicsInMemory before, TopicsInMemory after) {
    List<String> lines = new ArrayList<>();
    List<String> known = before.all().stream().map(entry -> entry.topic() + " " + new String(entry.value())).toList();
    after.all().stream().map(entry -> entry.topic() + " " + new String(entry.value())).filter(line -> !known.contains(line)).forEach(lines::add);
    return String.join("\n", lines);
  }

  private static void print(Map<String, int[]> counts) {
    System.out.printf("%-34s", "not proved (disproved + unprovable)");
    for (Tampering.Act act : Tampering.Act.values()) {
      System.out.printf("%12s", act.name().toLowerCase(java.util.Locale.ROOT));
    }
    System.out.println();
    counts.forEach((kind, count) -> {
      System.out.printf("%-34s ", kind);
      for (Tampering.Act act : Tampering.Act.values()) {
        System.out.printf("%12s", count[2 * act.ordinal()] + " + " + count[2 * act.ordinal() + 1]);
      }
      System.out.println();
    });
  }

}
