package dev.tidemark.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.policy.Amounts;
import dev.tidemark.evidence.policy.Replayed;
import dev.tidemark.evidence.policy.TagGroup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

class ReplayPageTest {

    private static final List<String> RUNS = List.of("20261109-030000", "20261116-030000", "20261123-030000");
    private static final String HOSTILE = "<script>b.yml";

    private static final TagGroup RULE = new TagGroup(
            "team/<b>app",
            "builds",
            "builds, line 4: main-*",
            2,
            4,
            3_000,
            new TagGroup.Example("main-5", "2026-11-01T00:00:00Z", "newest 2 of 2"),
            new TagGroup.Example("main-4", "2026-10-01T00:00:00Z", "newest 3, and 2 are kept"));

    /** Three runs, each by itself and with two policies. */
    static List<Replayed> replays() {
        List<Replayed> replays = new ArrayList<>();
        for (String run : RUNS) {
            long grown = RUNS.indexOf(run) * 1_000_000_000L;
            replays.add(replay(run, null, 9_000_000_000L + grown));
            replays.add(replay(run, "a.yml", 4_000_000_000L + grown / 2));
            replays.add(replay(run, HOSTILE, 6_000_000_000L + grown / 4));
        }
        return replays;
    }

    private static Replayed replay(String run, String policy, long kept) {
        var amounts = new Amounts(60, 40, 35, 80, 110, 20_000_000_000L - kept, kept);
        String asOf = "%s-%s-%sT03:00:00Z".formatted(run.substring(0, 4), run.substring(4, 6), run.substring(6, 8));
        return policy == null
                ? new Replayed(run, asOf, null, null, List.of(), amounts, null, null, List.of())
                : new Replayed(
                        run,
                        asOf,
                        policy,
                        "sha256:" + "ab".repeat(32),
                        policy.equals("a.yml") ? List.of() : List.of("something is not told"),
                        amounts,
                        new Amounts.Part(31, 26, 61, 82, 3_100_000),
                        new Amounts.Part(1, 1, 1, 2, 100_000),
                        List.of(RULE));
    }

    private static Document page(List<Replayed> replays) {
        return Jsoup.parse(ReplayPage.of(replays, Instant.parse("2026-11-23T21:18:39Z")));
    }

    @Test
    void severalRunsAreLinesOfTheBytesKept() {
        Document page = page(replays());

        assertThat(page.select("h1").text()).isEqualTo("Runs 20261109-030000 to 20261123-030000");
        assertThat(page.select("svg svg path.series")).hasSize(3);
        assertThat(page.select("circle.series")).hasSize(9);
        assertThat(page.select("circle.s1 title").eachText())
                .containsExactly(
                        "20261109-030000, a.yml: 4.0 GB",
                        "20261116-030000, a.yml: 4.5 GB",
                        "20261123-030000, a.yml: 5.0 GB");
        assertThat(page.select("circle.s1").eachAttr("cx")).containsExactly("1.5%", "49.5%", "97.5%");
        assertThat(page.select("circle.s1").eachAttr("cy")).isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(page.select(".key span").eachText()).containsExactly("as it ran", "a.yml", HOSTILE);
        assertThat(page.select(".card").first().select("tbody tr")).hasSize(9);
        assertThat(page.select(".notice li")).hasSize(3);
    }

    @Test
    void oneRunHasABarForEachPolicy() {
        Document page = page(replays().subList(6, 9));

        assertThat(page.select("h1").text()).isEqualTo("Run 20261123-030000");
        assertThat(page.select(".bars tr").eachText())
                .containsExactly("as it ran 11.0 GB", "a.yml 5.0 GB", HOSTILE + " 6.5 GB");
        assertThat(page.select("path.series")).isEmpty();
    }

    @Test
    void theRulesAreThoseOfTheLastRun() {
        Document page = page(replays());

        assertThat(page.select("h2").eachText())
                .containsExactly(
                        "Bytes kept by policy",
                        "Run 20261123-030000 with a.yml",
                        "Run 20261123-030000 with " + HOSTILE);
        assertThat(page.select(".rules tbody tr").first().text())
                .isEqualTo("team/<b>app builds, line 4: main-* 2 4 3.0 kB main-5 1 Nov 2026: newest 2 of 2 "
                        + "main-4 1 Oct 2026: newest 3, and 2 are kept");
        assertThat(page.select(".figures dd").eachText())
                .contains("3.1 MB", "31 tags, 26 manifests, 61 layer links, 82 blobs", "100.0 kB");
    }

    @Test
    void thePageHasNoScriptAndAsksForNothing() {
        Document page = page(replays());

        assertThat(page.select("script, img, iframe, a[href], link[rel=stylesheet]"))
                .isEmpty();
        assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
                .startsWith("default-src 'none'; style-src 'sha256-")
                .doesNotContain("script-src");
    }
}
