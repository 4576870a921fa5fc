package dev.tidemark.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.evidence.compare.Comparison;
import dev.tidemark.evidence.compare.Comparison.Between;
import dev.tidemark.evidence.compare.Comparison.Blob;
import dev.tidemark.evidence.compare.Comparison.Group;
import dev.tidemark.evidence.compare.Comparison.Growth;
import dev.tidemark.evidence.compare.Comparison.Manifest;
import dev.tidemark.evidence.compare.Comparison.Names;
import dev.tidemark.evidence.compare.Comparison.Side;
import dev.tidemark.evidence.index.RunFacts;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTextTest {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);
    private static final Group NONE = new Group(0, 0, 0, List.of(), List.of());

    @Test
    void aComparisonNamesAllThatHappenedBetweenTheRuns() {
        assertThat(String.join("\n", text(comparison("team/app", 1))))
                .containsPattern("repositories +10 +12 +\\+2\n")
                .containsPattern("bytes +3.0 kB +2.5 kB +-500 B\n")
                .containsPattern("tags +4 +4\n")
                .contains(
                        "1.2 kB  became eligible           2 blobs, 1 manifest",
                        "500 B    freed in between by 20260101-120000: 3 blobs",
                        "team/app@sha256:abababababab, was v1",
                        "+1.5 kB  team/app, now 1.5 kB",
                        "it deleted nothing")
                .doesNotContain("rescued", "Rescued");
    }

    @Test
    void aComparisonFitsAScreenHoweverMuchHappened() {
        assertThat(ComparisonText.of(comparison("team/app", 100), Screen.none().terminal()))
                .hasSizeLessThanOrEqualTo(45)
                .allMatch(line -> line.length() <= 80)
                .anyMatch(line -> line.contains("and 95 more manifests"));
    }

    @Test
    void nothingHostileReachesTheTerminal() {
        assertThat(text(comparison("evil\u001b[31m\nname", 1)))
                .noneMatch(line -> line.contains("\u001b") || line.contains("\n"));
    }

    @Test
    void aReplayIsSaidToBeOne() {
        assertThat(text(comparison("team/app", 1).replay("policy.yml", List.of("something is not told"))))
                .anyMatch(line -> line.contains("run 20260101-000000 and its replay with policy.yml"))
                .anyMatch(line -> line.contains("something is not told"))
                .anyMatch(line -> line.matches(" +as it ran +replayed +change"))
                .anyMatch(line -> line.contains("would go, too"))
                .noneMatch(line -> line.contains("became eligible"));
    }

    private static List<String> text(Comparison comparison) {
        return ComparisonText.of(comparison, Screen.wide().terminal());
    }

    private static Comparison comparison(String repository, int times) {
        var became = new Group(
                2,
                1200,
                times,
                List.of(new Blob(DIGEST, 1000, repository, null)),
                Collections.nCopies(
                        times, new Manifest(repository, DIGEST, repository.startsWith("evil") ? repository : "v1")));
        return new Comparison(
                side("20260101-000000", 10, 3000),
                side("20260102-000000", 12, 2500),
                null,
                List.of("the run " + repository + " was a dry run: it deleted nothing"),
                became,
                NONE,
                NONE,
                NONE,
                NONE,
                NONE,
                List.of(new Between("20260101-120000", 3, 500)),
                NONE,
                NONE,
                new Names(times, Collections.nCopies(times, repository)),
                new Names(0, List.of()),
                Collections.nCopies(times, new Growth(repository, 0, 1500)));
    }

    private static Side side(String run, long repositories, long bytes) {
        var facts = new RunFacts(
                run,
                "swept",
                true,
                false,
                true,
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00Z",
                "ada",
                null,
                null,
                null,
                null);
        return new Side(facts, repositories, 4, 5, 6, 7, bytes, 1, 100, bytes - 100);
    }
}
