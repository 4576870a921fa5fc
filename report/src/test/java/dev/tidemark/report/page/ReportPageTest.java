package dev.tidemark.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.report.data.Hostile;
import dev.tidemark.report.data.ReportData;
import dev.tidemark.report.data.ReportQueries;
import dev.tidemark.report.data.ReportedRun;
import dev.tidemark.report.data.TestReports;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.testkit.TestIndex;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

/** The text of a report's page, read as a browser reads it. */
class ReportPageTest {

    private static final int LARGEST = 5_000_000;

    private static Document page(ReportedRun index) throws SQLException {
        try (index) {
            return Jsoup.parse(ReportPage.of(index.report()));
        }
    }

    @Test
    void hostileNamesAreTextAndNothingElse() throws SQLException {
        Document harmless = page(TestReports.small());
        Document page = page(Hostile.index("http://elsewhere.example"));

        assertThat(page.select("script")).hasSameSizeAs(harmless.select("script"));
        assertThat(page.select("script").last().data()).isEqualTo(ReportPage.resource("report.js"));
        assertThat(page.select("style")).hasSize(2);
        assertThat(page.select("img, iframe, object, embed, base, link[rel=stylesheet], a[href]"))
                .isEmpty();
        assertThat(page.getAllElements().stream().flatMap(element -> element.attributes().asList().stream()))
                .noneMatch(attribute -> attribute.getKey().startsWith("on"));
        assertThat(tags(page)).containsExactlyInAnyOrderElementsOf(tags(harmless));
    }

    private static java.util.Set<String> tags(Document page) {
        var names = new java.util.TreeSet<String>();
        page.getAllElements().forEach(element -> names.add(element.normalName()));
        // The small registry has a line and its circles; a single run has none. A table may lack what another has.
        names.removeAll(java.util.Set.of("path", "circle", "text", "tspan", "line"));
        return names;
    }

    @Test
    void hostileNamesComeThroughAsTheyAre() throws SQLException, IOException {
        List<String> names = Hostile.names("http://elsewhere.example");
        Document page = page(Hostile.index("http://elsewhere.example"));
        JsonNode rows = JsonSerde.MAPPER.readTree(page.getElementById("rows").data());

        List<String> strings = new ArrayList<>();
        rows.path("strings").forEach(text -> strings.add(text.asText()));
        assertThat(strings)
                .containsAll(
                        names.stream().map(name -> name.replace("\ud800", "")).toList());
        assertThat(rows.path("rows")).hasSize(3 * names.size());
        assertThat(page.select("#listing bdi").eachText()).contains("{{rows}}", "{}", "$1\\", "&lt;b&gt;", "__proto__");
    }

    @Test
    void unprintableCharactersAreShownAsSuch() throws SQLException {
        String text =
                page(Hostile.index("http://elsewhere.example")).select("h1").text();

        assertThat(text).contains("\ufffdtxt.exe", "bell\ufffd\ufffd[31m\ufffdend", "a\ufffdb\ufffdc", "half\ufffd");
        assertThat(text.codePoints()).noneMatch(c -> c == 0x202e || Character.isISOControl(c));
    }

    @Test
    void thePolicyForbidsTheNetworkAndNamesWhatIsInThePage() throws SQLException {
        String policy = page(TestReports.small())
                .select("meta[http-equiv=Content-Security-Policy]")
                .attr("content");

        assertThat(policy)
                .startsWith("default-src 'none'; ")
                .doesNotContain("unsafe")
                .doesNotContain("http");
        assertThat(Arrays.stream(policy.split("[ ;]+")).filter(source -> source.startsWith("'sha256-")))
                .hasSize(3);
    }

    @Test
    void everythingCanBeReadWithoutAScript() throws SQLException {
        Document page = page(TestReports.swept());

        assertThat(page.select("#listing tr")).hasSize(50);
        assertThat(page.select("[data-scripted]")).isNotEmpty().allMatch(element -> element.hasAttr("hidden"));
        assertThat(page.select(".notice").text()).contains("1 deletion failed.");
        assertThat(page.select(".figures .lead").text()).startsWith("Freed ");
    }

    @Test
    void theTrashIsShownByRunAndRepositoryAndWhatIsHeld() throws SQLException {
        Document page = page(TestReports.swept());

        assertThat(page.select("#trash tbody tr").eachText())
                .containsExactly(
                        "20261123-211839 131 1.7 GB 24 Nov 2026, 21:18 UTC",
                        "platform/gateway 12 900.0 MB",
                        "blobs that nothing there names 33.0 MB",
                        "legacy 3 20.0 MB",
                        "and 4 more repositories",
                        "20261115-030000 4 80.0 MB 23 Nov 2026, 23:18 UTC",
                        "payments/ledger 2 80.0 MB");
        assertThat(page.select("#holds tbody tr").eachText())
                .containsExactly(
                        "team/app@" + TestIndex.digest("held")
                                + " bob 30 Nov 2026, 21:18 UTC the undo of run 20261123-211839",
                        "archive/** alice no end release audit");
        assertThat(page(TestReports.small()).select("#trash, #holds")).isEmpty();
    }

    @Test
    void holdsThatCannotBeReadAreNoHoldsThatThereAreNot() throws SQLException {
        assertThat(page(TestReports.small().holdsUnread("the hold of 'x' can't be read"))
                        .text())
                .contains("The hold of 'x' can't be read.");
    }

    @Test
    void everyChartHasItsWordsAndItsTable() throws SQLException {
        Document page = page(TestReports.small());

        assertThat(page.select("svg:not([aria-hidden]), #map").stream()
                        .filter(chart -> !chart.parents().is("svg")))
                .hasSize(4)
                .allSatisfy(chart -> {
                    assertThat(chart.attr("role")).isEqualTo("img");
                    assertThat(chart.attr("aria-label")).isNotBlank();
                    assertThat(chart.closest("section").select("table")).isNotEmpty();
                });
        assertThat(page.select("input, select")).allMatch(control -> control.closest("label") != null);
        assertThat(page.select("table thead th")).allMatch(head -> head.hasAttr("scope"));
    }

    @Test
    void idsAreThereOnce() throws SQLException {
        List<String> ids = page(TestReports.small()).select("[id]").stream()
                .map(Element::id)
                .toList();

        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void aDryRunSaysThatNothingWasDeleted() throws SQLException {
        Document page = page(TestReports.small());

        assertThat(page.select(".notice").text()).isEqualTo("A dry run: nothing was deleted.");
        assertThat(page.select(".lead").text()).startsWith("Would be freed");
        assertThat(page.select(".mark").eachText()).containsOnly("eligible");
    }

    @Test
    void aRunThatWaitsSaysWhatToType() throws SQLException {
        assertThat(page(TestReports.waiting()).select(".notice").text())
                .contains("waits for approval. Nothing was deleted.", "tidemark approve 20261123-211839");
    }

    @Test
    void aRunThatFailedSaysWhyAndShowsWhatThereIs() throws SQLException {
        Document page = page(TestReports.failed());

        assertThat(page.select(".notice").text())
                .contains("Nothing was deleted.", "partition 3 has 511 blobs, and the enumerator wrote 512");
        assertThat(page.select(".tile")).isNotEmpty();
        assertThat(page.select(".tile .taken")).isEmpty();
        assertThat(page.select(".figures, #map, .key").text()).doesNotContain("freed");
    }

    @Test
    void aRunThatWasNotEnumeratedSaysSo() throws SQLException {
        assertThat(page(new ReportedRun().notEnumerated().real()).text())
                .contains("has not been enumerated", "This run is under way.");
    }

    @Test
    void anEmptyRegistryHasAReport() throws SQLException {
        Document page = page(TestReports.empty());

        assertThat(page.text()).contains("Nothing is eligible.", "0 B");
        assertThat(page.select(".tile")).isEmpty();
    }

    @Test
    void gapsInTheEvidenceAreNotPaperedOver() throws SQLException {
        ReportedRun index = TestReports.small();
        ReportQueries queries = index.queries();
        index.sql("DELETE FROM blob WHERE digest % 3 = 0");
        try (index) {
            assertThat(Jsoup.parse(ReportPage.of(queries.read()))
                            .select(".notice")
                            .text())
                    .contains(
                            "The evidence does not agree",
                            "105 blobs were enumerated, and the topics have 70",
                            "tidemark audit 20261123-211839");
        }
    }

    @Test
    void aReportOfTenThousandRepositoriesIsSmallAndSaysWhatItLeavesOut() throws SQLException {
        try (ReportedRun index = TestReports.big()) {
            ReportData data = index.report();
            String html = ReportPage.of(data);
            Document page = Jsoup.parse(html);

            assertThat(data.repositories().count()).isGreaterThan(9_000);
            assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(LARGEST / 4);
            assertThat(page.select(".tile")).hasSizeBetween(100, 500);
            assertThat(page.select("#table").text())
                    .contains("This file has 4,000 of them", "tidemark report 20261123-211839 --list FILE");
            assertThat(page.text()).contains("others");
        }
    }

    @Test
    void aPolicyHasASectionThatCanBeLinkedTo() throws SQLException {
        Document page = page(TestReports.byPolicy());

        assertThat(page.select(".chips a[href=#policy]").text()).isEqualTo("--policy");
        assertThat(page.select("#policy .figures dd").eachText()).contains("3", "3.0 kB");
        assertThat(page.select("#policy tbody tr").eachText())
                .containsExactly(
                        "team/app builds, line 5: main-* 2 3 3.0 kB main-4 1 Jan 1970: newest 2 of 2 "
                                + "main-3 1 Jan 1970: newest 3, and 2 are kept",
                        "library/base all (no rule) 1 0 – old 1 Jan 1970: no rule matches it –");
        assertThat(page.select("#policy pre").text()).contains("# <b>newest</b>");
        assertThat(page(TestReports.small()).select("#policy, a")).isEmpty();
    }
}
