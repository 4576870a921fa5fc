package dev.tidemark.evidence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.evidence.index.RecordSource;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.testkit.DefaultLocale;
import dev.tidemark.testkit.Soak;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** The seed of a run that the circuit breaker held. */
    private static final long HELD = 2;
    /** Two of each kind of run. */
    private static final int SEEDS = 8;

    @TempDir
    private Path directory;

    Verdict verdict(RecordSource source, List<String> why) {
        try (RunIndex index = RecordedRun.index(directory, source)) {
            Audit audit = Audit.of(index);
            audit.eachFinding(
                    20,
                    finding -> why.add(finding.kind() + ": " + finding.what() + " " + finding.topic() + "-"
                            + finding.partition() + "@" + finding.offset()));
            why.addAll(audit.gaps());
            return audit.verdict();
        }
    }

    @Property(tries = 100)
    void anUntouchedRunIsProved(@ForAll long seed) throws IOException {
        directory = Files.createTempDirectory("audit");
        try {
            assertProved(RecordedRun.of(seed).topics);
        } finally {
            Files.delete(directory.resolve(RecordedRun.RUN + ".sqlite"));
            Files.delete(directory);
        }
    }

    private void assertProved(RecordSource untouched) {
        List<String> why = new ArrayList<>();
        assertThat(verdict(untouched, why)).as(why.toString()).isEqualTo(new Verdict.Proved());
    }

    @Test
    void aRunThatHasLostSomethingByItsOwnVerificationIsDisproved() {
        for (long missing : new long[] {0, 1}) {
            TopicsInMemory topics = RecordedRun.of(1).topics;
            topics.append(
                    RecordedRun.TOPICS.runs(),
                    0,
                    RecordedRun.RUN.text(),
                    RunRecord.class,
                    new RunRecord.Verified(RecordedRun.RUN, 1, 2, missing, List.of()));
            List<String> why = new ArrayList<>();

            Verdict verdict = verdict(topics, why);

            assertThat(verdict instanceof Verdict.Proved).as(why.toString()).isEqualTo(missing == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DefaultLocale.GERMAN, DefaultLocale.ARABIC})
    void aRunThatWasHeldIsProvedWhateverTheLocaleOfWhoRecordedItAndOfWhoAuditsIt(String abroad) {
        TopicsInMemory atHome = RecordedRun.of(HELD).topics;
        List<String> why = new ArrayList<>();
        TopicsInMemory recordedAbroad;
        try (var locale = DefaultLocale.of(abroad)) {
            recordedAbroad = RecordedRun.of(HELD).topics;
            assertThat(verdict(atHome, why)).as(why.toString()).isEqualTo(new Verdict.Proved());
        }
        assertThat(atHome.all())
                .anyMatch(entry -> new String(entry.value(), StandardCharsets.UTF_8).contains("\"waiting\""));
        assertThat(difference(atHome, recordedAbroad)).isEmpty();
        assertThat(verdict(recordedAbroad, why)).as(why.toString()).isEqualTo(new Verdict.Proved());
    }

    @Test
    void aRunThatWaitsForAnotherReasonThanItSaysIsDisproved() {
        for (String said : List.of("1.5 %", "99.9 %")) {
            TopicsInMemory topics = RecordedRun.of(HELD).topics;
            TopicsInMemory.Partition runs = topics.partition(RecordedRun.TOPICS.runs(), 0);
            runs.entries.replaceAll(entry -> Tampering.with(
                    entry,
                    new String(entry.value(), StandardCharsets.UTF_8)
                            .replaceFirst("[0-9.]+ %", said)
                            .getBytes(StandardCharsets.UTF_8)));
            assertThat(verdict(topics, new ArrayList<>())).isInstanceOf(Verdict.Disproved.class);
        }
    }

    /** Those of the last round are all that there are: of the first, nothing else says how many they were. */
    @Test
    void aRunWhoseFirstRoundCountsMoreItemsThanThereAreIsDisproved() {
        for (long seed = 0; seed < 8; seed++) {
            TopicsInMemory topics = RecordedRun.of(seed).topics;
            topics.partition(RecordedRun.TOPICS.workDone(), 0).entries.replaceAll(entry -> {
                ObjectNode tree = Tampering.tree(entry);
                boolean first = tree.path("run").asText().equals(RecordedRun.RUN.text())
                        && tree.path("type").asText().equals("planned")
                        && tree.path("round").asInt() == 0;
                return first
                        ? Tampering.with(
                                entry,
                                Tampering.bytes(
                                        tree.put("items", tree.path("items").asInt() + 2)))
                        : entry;
            });
            assertThat(verdict(topics, new ArrayList<>())).as("seed " + seed).isInstanceOf(Verdict.Disproved.class);
        }
    }

    @Test
    void aRunWithASingleRecordTamperedWithIsNot() {
        Map<String, int[]> counts = tamperedWithIsNot(1000);
        assertThat(counts.keySet())
                .containsExactlyInAnyOrder(
                        "blobs",
                        "blobs end-of-input",
                        "blobs start-of-input",
                        "deletions",
                        "eligible",
                        "eligible end-of-eligible",
                        "eligible.dry-run eligible",
                        "eligible.dry-run end-of-eligible",
                        "layers",
                        "layers end-of-input",
                        "layers start-of-input",
                        "manifests",
                        "manifests end-of-input",
                        "manifests start-of-input",
                        "marks",
                        "marks end-of-superstep",
                        "repositories",
                        "runs approved",
                        "runs decided",
                        "runs enumerated",
                        "runs requested",
                        "runs swept",
                        "runs tags-swept",
                        "runs waiting",
                        "tags",
                        "work repository",
                        "work shards",
                        "work trash",
                        "work.done done",
                        "work.done planned");
        assertThat(counts.values()).allSatisfy(count -> {
            for (Tampering.Act act : Tampering.Act.values()) {
                assertThat(count[2 * act.ordinal()] + count[2 * act.ordinal() + 1])
                        .as(act.name())
                        .isPositive();
            }
        });
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

    /** How often each act on each kind of record was disproved, and how often it made the run unprovable. */
    private Map<String, int[]> tamperedWithIsNot(long first) {
        var counts = new TreeMap<String, int[]>();
        List<String> survivors = new ArrayList<>();
        for (long seed = first; seed < first + SEEDS; seed++) {
            var random = RecordedRun.random(seed);
            RecordedRun recorded = RecordedRun.of(seed);
            assertProved(recorded.topics);
            var tampering = new Tampering(random, RecordedRun.RUN);
            for (Map.Entry<String, List<RecordSource.Entry>> kind :
                    tampering.kinds(recorded.topics).entrySet()) {
                for (Tampering.Act act : Tampering.Act.values()) {
                    RecordSource.Entry entry =
                            kind.getValue().get(random.nextInt(kind.getValue().size()));
                    TopicsInMemory tampered = tampering.tampered(recorded.topics, entry, act);
                    List<String> why = new ArrayList<>();
                    Verdict verdict = verdict(tampered, why);
                    if (verdict instanceof Verdict.Proved) {
                        survivors.add("seed %d, %s %s: %s%n%s"
                                .formatted(
                                        seed,
                                        act,
                                        kind.getKey(),
                                        new String(entry.value()),
                                        difference(recorded.topics, tampered)));
                    }
                    int[] count =
                            counts.computeIfAbsent(kind.getKey(), k -> new int[2 * Tampering.Act.values().length]);
                    count[2 * act.ordinal() + (verdict instanceof Verdict.Disproved ? 0 : 1)]++;
                }
            }
        }
        print(counts);
        assertThat(survivors).isEmpty();
        return counts;
    }

    /** Each of them by itself is what is tampered with here. */
    @Test
    void aRunWhoseChecksumsWereAllTakenAwayIsNotProved() {
        try (RunIndex index = RecordedRun.index(directory, withoutChecksums("decided"))) {
            Audit audit = Audit.of(index);
            assertThat(audit.verdict()).isInstanceOf(Verdict.Unprovable.class);
            assertThat(audit.gaps())
                    .contains(
                            "nothing says what was to be read",
                            "the first barrier of t.blobs-0 is not there",
                            "the last barrier of t.blobs-0 is not there",
                            "the run is sweeping, and has not ended");
        }
        try (RunIndex index = RecordedRun.index(directory, withoutChecksums("none"))) {
            assertThat(Audit.of(index).verdict())
                    .as("it has not decided, and so nobody has let it delete anything")
                    .isInstanceOf(Verdict.Disproved.class);
        }
    }

    /** @param type of the records that keep theirs */
    private static TopicsInMemory withoutChecksums(String type) {
        TopicsInMemory topics = RecordedRun.of(7).topics;
        for (RecordSource.Entry entry : topics.all()) {
            ObjectNode tree = Tampering.tree(entry);
            if (tree.path("type").asText().equals(type)) {
                continue;
            }
            tree.remove(List.of("checksum", "request", "said", "work"));
            tree.path("records").forEach(records -> {
                if (records instanceof ObjectNode object) {
                    object.remove("checksum");
                }
            });
            List<RecordSource.Entry> in = topics.partition(entry.topic(), entry.partition()).entries;
            in.set(in.indexOf(entry), Tampering.with(entry, Tampering.bytes(tree)));
        }
        return topics;
    }

    /** The failing case, for the reader of the failure. */
    private static String difference(TopicsInMemory before, TopicsInMemory after) {
        List<String> lines = new ArrayList<>();
        List<String> known = before.all().stream()
                .map(entry -> entry.topic() + " " + new String(entry.value()))
                .toList();
        after.all().stream()
                .map(entry -> entry.topic() + " " + new String(entry.value()))
                .filter(line -> !known.contains(line))
                .forEach(lines::add);
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
