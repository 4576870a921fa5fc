package dev.tidemark.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.run.Aftermath;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.Summary;
import dev.tidemark.cli.run.TestRuns;
import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.LinkRepair;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.RunRecord.Verified;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.TagsGoing;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SummaryTextTest {

    private static final RunId RUN = new RunId("20260101-000000");
    private static final Digest DIGEST = Digest.parse("sha256:" + "ab".repeat(32));

    @Test
    void aSummaryFitsAScreenHoweverLargeTheRegistry() {
        List<String> lines = text(summary(20_000, 50));

        assertThat(lines).hasSizeLessThanOrEqualTo(45);
        assertThat(lines)
                .filteredOn(line -> line.startsWith("  ") && line.contains("team"))
                .hasSizeGreaterThanOrEqualTo(10);
    }

    @Test
    void aSummaryCountsAllThatWasFoundIsLiveAndIsEligible() {
        String text = String.join("\n", text(summary(3, 1)));

        assertThat(text).contains("dry run: nothing is deleted", "--delete-untagged", "--min-age 24h");
        assertThat(text).containsPattern("found +3 +4 +5 +6 +30 +30.0 kB");
        assertThat(text).containsPattern("live +3 +4 +20 +20.0 kB");
        assertThat(text).containsPattern("eligible +2 +2 +10 +10.0 kB");
        assertThat(text).containsPattern("1.5 kB  2 blobs: young blob");
        assertThat(text).endsWith("restart it");
        assertThat(text).contains("team/0@sha256:abababababab lacks sha256:abababababab");
        assertThat(text).doesNotContain("another size");
        assertThat(text).contains("dangling tags, as team/app:old (it names sha256:abababababab…)");
    }

    @Test
    void aSummaryHasColoursOnlyWhereTheyAreWanted() {
        assertThat(String.join("", text(summary(3, 1)))).doesNotContain("\u001b");
        assertThat(String.join("", SummaryText.of(summary(3, 1), terminal(true))))
                .contains("\u001b[1m");
    }

    @Test
    void aSummaryFitsATerminalOf80Columns() {
        assertThat(text(summary(20_000, 50))).allMatch(line -> line.length() <= 80);
        assertThat(SummaryText.of(summary(3, 1), Screen.of(200).terminal())).anyMatch(line -> line.length() > 80);
    }

    private static final String POLICY =
            "policies: [{ name: p, repositories: ['**'], tags: [{ match: ['*'], keepAny: { newest: 1 } }] }]";

    @Test
    void aRunWithAPolicySaysWhichTagsGo() {
        var going = new TagsGoing(1012, 4, List.of("a", "b", "c", "d"), new TagsGoing.Share("team/app", 900, 1000));
        String text = String.join("\n", text(policed(going)));

        assertThat(text)
                .contains("--policy (" + PolicyText.of(POLICY).digest().hex().substring(0, 12) + ")")
                .contains("Loses the most tags")
                .containsPattern("all +a\n +all +b\n +all +c\n +all +1 more\n +900 +of 1,000: team/app")
                .containsPattern("found .* 2,000 .*\n.*live .* 988 .*\n.*eligible .* 1,012 ");
        assertThat(String.join("\n", text(policed(TagsGoing.NONE)))).doesNotContain("Loses the most tags");
    }

    @Test
    void aPolicyThatAsksForPullsSaysSinceWhenTheyAreKnown() {
        String asking = POLICY.replace("newest: 1", "pulledWithin: 30d");

        assertThat(String.join("\n", text(policed(asking, TagsGoing.NONE, 1_780_000_000_000L))))
                .contains("Pulls are known since 2026-05-28T20:26:40Z: where that is not long enough,\n"
                        + "  pulledWithin and newestPulled count as met.");
        assertThat(text(policed(asking, TagsGoing.NONE, null)))
                .contains("No events of pulls are collected: pulledWithin and newestPulled count as met.");
        assertThat(String.join("\n", text(policed(TagsGoing.NONE)))).doesNotContain("ulls");
    }

    private static Summary policed(TagsGoing going) {
        return policed(POLICY, going, null);
    }

    private static Summary policed(String policy, TagsGoing going, Long pullsSince) {
        Run run = TestRuns.of(
                new RunRecord.Requested(
                        RUN, 0, new Options(0, false, true), 100, "test", null, null, PolicyText.of(policy)),
                new RunRecord.Enumerated(
                        RUN,
                        "/r",
                        1,
                        7,
                        2000,
                        0,
                        1,
                        1,
                        null,
                        null,
                        0,
                        Checksum.NONE,
                        DescriptorCache.UNKNOWN,
                        going,
                        pullsSince,
                        Fingerprint.NONE,
                        OtherFiles.NONE),
                new RunRecord.Decided(RUN, 0, 1, 2, Totals.ofTags(going.tags()), Checksum.NONE));
        return Summary.of(run, new Phases(Instant.now()), Aftermath.of(Optional.empty()));
    }

    @Test
    void aSweepSaysWhatIsBrokenWhatItHasRepairedAndWhatItHasLost() {
        var images = Collections.nCopies(5, new Totals.Missing("team/0", DIGEST, DIGEST));
        var totals = new Totals(
                Tally.NONE,
                new Tally(1, 1),
                Map.of(),
                7,
                0,
                0,
                0,
                0,
                Map.of(),
                2,
                List.of(),
                new Totals.Unlinked(5, images),
                new Totals.WrongSizes(
                        5, Collections.nCopies(5, new Totals.WrongSize("team/0", DIGEST, DIGEST, 1234, 1))));
        var sweep = new Sweep(Map.of(Kind.BLOB, new Tally(1, 1)), 0, Map.of(), Map.of());
        String text = swept(totals, sweep, new LinkRepair(images.subList(0, 2), Map.of()), 3);

        assertThat(text)
                .contains(
                        "Broken already: live, and a blob has another size than they say",
                        "team/0@sha256:abababababab says 1,234 bytes of sha256:abababababab, which has 1",
                        "and 2 more (--format json lists them)",
                        "Not served",
                        "and 2 more 2 written again",
                        "--repair writes them again",
                        "7 live manifests verified: 3 files missing because of this run, 2 blobs before it",
                        "team/app lacks the layer link sha256:abababababab");
        assertThat(swept(totals, sweep, new LinkRepair(images, Map.of()), 0))
                .contains("5 written again", "0 files missing because of this run")
                .doesNotContain("--repair");
        assertThat(swept(totals, sweep, new LinkRepair(List.of(), Map.of("denied", 4L)), 0))
                .contains("4 not written: denied");
    }

    private static String swept(Totals totals, Sweep sweep, LinkRepair repair, long lost) {
        Optional<Run> run = Run.after(
                Optional.of(TestRuns.swept(RUN, 1, totals, sweep, repair)),
                new RunRecord.Verified(
                        RUN,
                        1,
                        7,
                        lost,
                        Collections.nCopies((int) lost, new Verified.Lost(Kind.LAYER, DIGEST, "team/app"))));
        Summary summary = Summary.of(run.orElseThrow(), new Phases(Instant.now()), Aftermath.of(Optional.empty()));
        return String.join(" ", text(summary)).replaceAll("\\s+", " ");
    }

    private static List<String> text(Summary summary) {
        return SummaryText.of(summary, terminal(false));
    }

    private static Terminal terminal(boolean colours) {
        return (colours ? Screen.coloured(80) : Screen.none()).terminal();
    }

    private static Summary summary(int repositories, int missing) {
        Map<String, Long> freed = new TreeMap<>();
        for (int i = 0; i < repositories; i++) {
            freed.put("team/" + i, 1000L + i);
        }
        var broken = Collections.nCopies(missing, new Totals.Missing("team/0", DIGEST, DIGEST));
        var totals = new Totals(
                new Tally(20, 20_000),
                new Tally(10, 10_000),
                Map.of("young blob", new Tally(2, 1500)),
                3,
                2,
                0,
                4,
                2,
                freed,
                missing,
                broken,
                Totals.Unlinked.NONE,
                Totals.WrongSizes.NONE);
        Run run = TestRuns.of(
                new RunRecord.Requested(
                        RUN, Duration.ofHours(24).toMillis(), new Options(0, true, true), 75, "test", null, null, null),
                new RunRecord.Enumerated(
                        RUN,
                        "/var/lib/registry",
                        3,
                        5,
                        4,
                        6,
                        30,
                        30_000,
                        Map.of(Problem.Kind.DANGLING_TAG, 1L),
                        List.of(new Problem(Problem.Kind.DANGLING_TAG, "team/app:old", "it names " + DIGEST)),
                        0,
                        Checksum.NONE,
                        DescriptorCache.UNKNOWN,
                        null,
                        null,
                        Fingerprint.NONE,
                        OtherFiles.NONE),
                new RunRecord.Decided(RUN, 0, 1, 2, totals, Checksum.NONE));
        var phases = new Phases(Instant.EPOCH);
        phases.requested(Instant.EPOCH.plusSeconds(1));
        phases.at(Run.State.DECIDED, Instant.EPOCH.plusSeconds(2));
        return Summary.of(
                run,
                phases,
                new Aftermath(
                        Optional.empty(),
                        Optional.of("a copy costs"),
                        Optional.of("uploads are left alone"),
                        Optional.of("restart it")));
    }
}
