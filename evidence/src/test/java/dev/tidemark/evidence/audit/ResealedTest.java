package dev.tidemark.evidence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.index.RecordSource;
import dev.tidemark.evidence.index.RecordedRun;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.evidence.index.TopicsInMemory;
import dev.tidemark.testkit.Soak;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that were altered by somebody who knows the checksums: all counts and sums are made to fit, in every record that
 * says them. The alteration shows all the same, by what the records mean.
 */
class ResealedTest {

    private static final int SEEDS = 16;

    @TempDir
    private Path directory;

    /** By what is done, always in the same order. */
    private Map<String, Alteration> alterations(RunEditor run) {
        var all = new LinkedHashMap<String, Alteration>();
        all.putAll(new ManifestAlterations(run).all());
        all.putAll(new TagAlterations(run).all());
        all.putAll(new BlobAlterations(run).all());
        all.putAll(new RunAlterations(run, directory).all());
        return all;
    }

    @Test
    void anAlteredRunWithFittingCountsAndChecksumsIsNotProved() {
        assertThat(alteredIsNotProved(5008))
                .allSatisfy((name, count) ->
                        assertThat(count[0] + count[1]).as(name).isPositive());
    }

    @Test
    @Tag("soak")
    @Timeout(value = 24, unit = TimeUnit.HOURS)
    void alteredRunsOfManySeedsAreNotProved() {
        var soak = new Soak();
        long seed = Soak.seed();
        do {
            alteredIsNotProved(seed);
            seed += SEEDS;
        } while (soak.goesOn());
    }

    @Test
    void anUnalteredRunIsProvedAfterItsCountsAndChecksumsAreComputedAgain() {
        for (long seed = 5000; seed < 5016; seed++) {
            var run = new RunEditor(RecordedRun.of(seed).topics.copy(), RecordedRun.random(seed));
            Resealing.all(run);
            List<String> why = new ArrayList<>();
            assertThat(audit(run.topics, why).verdict())
                    .as("seed %d: %s", seed, why)
                    .isEqualTo(new Verdict.Proved());
        }
    }

    /** How often each alteration was disproved, made the run unprovable, or had no effect. */
    private Map<String, int[]> alteredIsNotProved(long first) {
        var counts = new TreeMap<String, int[]>();
        List<String> survivors = new ArrayList<>();
        for (long seed = first; seed < first + SEEDS; seed++) {
            TopicsInMemory original = RecordedRun.of(seed).topics;
            Random random = RecordedRun.random(seed);
            String decisions = audit(original, new ArrayList<>()).decisions();
            for (String name : alterations(new RunEditor(original, random)).keySet()) {
                var run = new RunEditor(original.copy(), random);
                int[] count = counts.computeIfAbsent(name, n -> new int[3]);
                if (!alterations(run).get(name).done()) {
                    continue;
                }
                Resealing.all(run);
                List<String> why = new ArrayList<>();
                Audited audited = audit(run.topics, why);
                if (audited.verdict() instanceof Verdict.Proved) {
                    // The altered field decides nothing: only the checksums would have told, or the storage.
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
        return counts;
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
                    "SELECT d.text, x.kind, p.name, x.bytes FROM temp.expected_eligible x JOIN digest d ON d.id = "
                            + "x.digest"
                            + " LEFT JOIN repository p ON p.id = x.repository ORDER BY 1, 2, 3",
                    row -> decisions
                            .append(row.getString(1))
                            .append(row.getString(2))
                            .append(row.getString(3))
                            .append(row.getLong(4))
                            .append('\n'));
            Sql.each(
                    index.connection(),
                    "SELECT d.text FROM live l JOIN digest d ON d.id = l.digest ORDER BY 1",
                    row -> decisions.append(row.getString(1)).append('\n'));
            return new Audited(audit.verdict(), decisions.toString());
        }
    }
}
