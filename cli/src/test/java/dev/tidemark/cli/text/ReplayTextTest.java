package dev.tidemark.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.evidence.policy.Amounts;
import dev.tidemark.evidence.policy.Replayed;
import dev.tidemark.evidence.policy.TagGroup;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTextTest {

    private static final Amounts LITTLE = new Amounts(90, 10, 10, 20, 30, 1_000_000, 9_000_000);
    private static final Amounts MUCH = new Amounts(60, 40, 35, 80, 110, 4_000_000, 6_000_000);
    private static final Amounts.Part MORE = new Amounts.Part(31, 26, 61, 82, 3_100_000);
    private static final Amounts.Part LESS = new Amounts.Part(1, 1, 1, 2, 100_000);

    private static Replayed itself(String run) {
        return new Replayed(run, "2026-11-23T21:18:39Z", null, null, List.of(), LITTLE, null, null, List.of());
    }

    private static Replayed with(String run, String policy, int rules, String... caution) {
        var group = new TagGroup(
                "team/app",
                "builds",
                "builds, line 4: main-*",
                2,
                4,
                3_000,
                new TagGroup.Example("main-5", "2026-11-01T00:00:00Z", "newest 2 of 2"),
                new TagGroup.Example("main-4", "2026-10-01T00:00:00Z", "newest 3, and 2 are kept"));
        return new Replayed(
                run,
                "2026-11-23T21:18:39Z",
                policy,
                "sha256:" + "ab".repeat(32),
                List.of(caution),
                MUCH,
                MORE,
                LESS,
                Collections.nCopies(rules, group));
    }

    @Test
    void oneReplayIsShownBesideItsRun() {
        List<String> text = ReplayText.of(
                List.of(itself("20261123-211839"), with("20261123-211839", "policy.yml", 1, "something is not told")),
                Screen.wide().terminal());

        assertThat(text)
                .anyMatch(line -> line.contains("run 20261123-211839 with policy.yml, as of"))
                .anyMatch(line -> line.contains("something is not told"))
                .anyMatch(line -> line.matches(" +bytes kept +9\\.0 MB +6\\.0 MB +-3\\.0 MB"))
                .anyMatch(line -> line.matches(" +3\\.1 MB +would go, too +31 tags, 26 manifests, 82 blobs"))
                .anyMatch(line -> line.matches(" +100\\.0 kB +would stay +1 tag, 1 manifest, 2 blobs"))
                .anyMatch(line -> line.matches("team/app +builds, line 4: main-\\* +2 +4 +3\\.0 kB"))
                .anyMatch(line -> line.startsWith("Newest that goes") && line.contains("team/app:main-4"));
    }

    @Test
    void itFitsAScreenHoweverManyRulesThereAre() {
        assertThat(ReplayText.of(
                        List.of(itself("20261123-211839"), with("20261123-211839", "policy.yml", 300)),
                        Screen.none().terminal()))
                .hasSizeLessThanOrEqualTo(55)
                .anyMatch(line -> line.contains("and 270 more (--format json lists them)"));
    }

    @Test
    void severalAreATable() {
        List<String> text = ReplayText.of(
                List.of(
                        itself("20261116-211839"),
                        with("20261116-211839", "a.yml", 1),
                        with("20261116-211839", "b.yml", 1),
                        itself("20261123-211839"),
                        with("20261123-211839", "a.yml", 1),
                        with("20261123-211839", "b.yml", 1, "something is not told")),
                Screen.none().terminal());

        assertThat(text).hasSize(8);
        assertThat(text.get(1)).matches("20261116-211839 +\\(as it ran\\) +90 +10 +1\\.0 MB +9\\.0 MB");
        assertThat(text.get(2)).matches(" +a\\.yml +60 +40 +4\\.0 MB +6\\.0 MB");
        assertThat(text.getLast()).isEqualTo("run 20261123-211839 with b.yml: something is not told");
    }

    @Test
    void nothingHostileReachesTheTerminal() {
        assertThat(ReplayText.of(
                        List.of(
                                itself("20261123-211839"),
                                with("20261123-211839", "evil\u001b[31m", 1, "evil\u001b[31m")),
                        Screen.wide().terminal()))
                .noneMatch(line -> line.contains("\u001b"));
    }
}
