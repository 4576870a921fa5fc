package dev.tidemark.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.report.data.Hostile;
import dev.tidemark.report.data.ReportedRun;
import dev.tidemark.report.data.TestReports;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reports as people look at them. */
class ReportBrowserIT extends ReportsInBrowser {

    @Test
    void aReportRunsWithoutAnErrorAndAsksForNothingButItself() throws SQLException {
        open(TestReports.swept());

        assertThatTheScriptRan();
        assertThat(chromium.requests())
                .filteredOn(request -> !request.startsWith("data:"))
                .containsExactly(address() + "/report.html");
        assertThat(ASKED).containsExactly("/report.html");
    }

    @Test
    void hostileNamesRunNothingAndAskForNothing() throws SQLException {
        open(Hostile.index(address()));

        assertThatTheScriptRan();
        assertThat(chromium.evaluate("document.documentElement.dataset.harmed || 'no'")
                        .asText())
                .isEqualTo("no");
        assertThat(ASKED).containsExactly("/report.html");
        assertThat(shown(".where")).anyMatch(where -> where.contains("<img src=" + address() + "/img>"));
    }

    @Test
    void thisTestWouldSeeAScriptAndARequest() {
        serve("<img src=\"" + address() + "/img\"><script>" + Hostile.HARM + "</script>", "");

        assertThat(chromium.evaluate("document.documentElement.dataset.harmed").asText())
                .isEqualTo("yes");
        assertThat(ASKED).contains("/img");
    }

    @Test
    void thePolicyHoldsEvenIfMarkupGotIn() throws SQLException {
        try (ReportedRun index = TestReports.small()) {
            serve(
                    ReportPage.of(index.report())
                            .replace(
                                    "</main>",
                                    "<img src=\"" + address() + "/img\"><script>" + Hostile.HARM + "</script></main>"),
                    "");
        }

        assertThat(chromium.evaluate("document.documentElement.dataset.harmed || 'no'")
                        .asText())
                .isEqualTo("no");
        assertThat(ASKED).containsExactly("/report.html");
    }

    @Test
    void theTableIsSearchedByTyping() throws SQLException {
        open(TestReports.small());
        int all = rows();

        chromium.evaluate("document.getElementById('search').focus()");
        chromium.type("payments trainer");

        assertThat(rows()).isBetween(1, all - 1);
        assertThat(shown(".where")).allMatch(where -> where.contains("payments/trainer"));
        assertThat(chromium.evaluate("document.getElementById('count').textContent")
                        .asText())
                .contains("that match, of 77");

        chromium.type(" and nothing else");

        assertThat(rows()).isZero();
        assertThat(chromium.evaluate("document.getElementById('nothing').hidden")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void aViewOfTheTableCanBeLinkedTo() throws SQLException {
        open(TestReports.swept(), "#q=referenced&kind=blob&outcome=spared");

        assertThat(rows()).isEqualTo(1);
        assertThat(shown(".why"))
                .containsExactly("sparedreferenced again since the run began (nothing live references it)");
    }

    @Test
    void theTableIsSortedByTheKeyboard() throws SQLException {
        open(TestReports.small(), "#kind=blob");
        chromium.evaluate("document.getElementById('outcome').focus()");

        // The columns: what, where, size.
        chromium.press("Tab").press("Tab").press("Tab").press("Enter").press("Enter");

        assertThat(chromium.evaluate("document.querySelector('th[data-sort=size]').getAttribute('aria-sort')")
                        .asText())
                .isEqualTo("ascending");
        assertThat(shown(".num")).startsWith("1.8 kB", "1.8 kB", "1.9 kB").endsWith("72.4 MB", "124.0 MB");
    }

    @Test
    void moreRowsAreShownWhenAskedFor() throws SQLException {
        open(TestReports.small());
        assertThat(rows()).isEqualTo(50);

        chromium.evaluate("document.getElementById('more').click()");

        assertThat(rows()).isEqualTo(77);
        assertThat(chromium.evaluate("[...document.querySelectorAll('#listing tr')].indexOf(document.activeElement)")
                        .asInt())
                .isEqualTo(50);
    }

    @Test
    void aTileLeadsToItsRows() throws SQLException {
        open(TestReports.small());

        chromium.evaluate("document.querySelector('[data-path=\"web/api\"]').click()");
        assertThat(chromium.evaluate("document.getElementById('chosen').textContent")
                        .asText())
                .startsWith("web/api: 531.1 MB held, 124.");
        chromium.evaluate("document.getElementById('choose').click()");

        assertThat(rows()).isPositive();
        assertThat(shown(".where")).allMatch(where -> where.contains("web/api"));
    }

    @Test
    void theScriptShowsRowsAsThePageHasThem() throws SQLException {
        try (ReportedRun index = Hostile.index("http://elsewhere.example")) {
            PAGES.put("/report.html", ReportPage.of(index.report()).getBytes(StandardCharsets.UTF_8));
        }
        String listing = "document.getElementById('listing').textContent.replace(/\\s+/g, ' ')";
        chromium.screen(1280, 900).scripts(false).open(URI.create(address() + "/report.html"));
        String without = chromium.evaluate(listing).asText();
        chromium.scripts(true).open(URI.create(address() + "/report.html?again"));

        assertThat(chromium.evaluate(listing).asText().replace(" ", "")).isEqualTo(without.replace(" ", ""));
    }

    @Test
    void thePolicyIsAPageOfItsOwn() throws SQLException, IOException {
        String shown = "[...document.querySelectorAll('main > *')].filter(part => part.offsetHeight > 0)"
                + ".map(part => part.id || part.localName).join(' ')";
        open(TestReports.byPolicy(), "#policy");

        assertThatTheScriptRan();
        assertThat(chromium.evaluate(shown).asText()).isEqualTo("header policy");
        picture("policy");

        chromium.evaluate("document.querySelector('#policy .whole').click()");

        assertThat(chromium.evaluate(shown).asText()).contains("header", "policy", "table");
        chromium.screen(390, 844);
        assertThat(chromium.evaluate("document.documentElement.scrollWidth").asInt())
                .isEqualTo(390);
    }

    @Test
    void replaysAreLinesOfWhatEachPolicyKeeps() throws IOException {
        serve(ReplayPage.of(ReplayPageTest.replays(), Instant.EPOCH), "");

        assertThat(chromium.complaints()).isEmpty();
        assertThat(ASKED).containsExactly("/report.html");
        assertThat(chromium.evaluate("[...document.querySelectorAll('path.series')].map(line => "
                                + "getComputedStyle(line).stroke + getComputedStyle(line).strokeDasharray)"
                                + ".filter((look, at, all) => all.indexOf(look) === at).length")
                        .asInt())
                .as("each line has a look of its own")
                .isEqualTo(3);
        picture("replay");
        chromium.screen(390, 844);
        assertThat(chromium.evaluate("document.documentElement.scrollWidth").asInt())
                .isEqualTo(390);
    }

    @Test
    void nothingIsWiderThanAPhone() throws SQLException, IOException {
        for (ReportedRun index :
                List.of(TestReports.swept(), TestReports.empty(), Hostile.index("http://elsewhere.example"))) {
            open(index);
            chromium.screen(390, 844);

            assertThat(chromium.evaluate("document.documentElement.scrollWidth").asInt())
                    .isEqualTo(390);
            assertThat(chromium.evaluate("getComputedStyle(document.querySelector('.rows thead')).position")
                            .asText())
                    .isEqualTo("absolute");
            picture("phone-" + ASKED.size() + "-" + rows());
        }
    }

    @Test
    void theReportIsDarkForThoseWhoPreferThat() throws SQLException, IOException {
        open(TestReports.swept());
        String light = chromium.evaluate("getComputedStyle(document.body).backgroundColor")
                .asText();
        picture("light");
        chromium.dark(true);

        assertThat(chromium.evaluate("getComputedStyle(document.body).backgroundColor")
                        .asText())
                .isEqualTo("rgb(13, 20, 24)")
                .isNotEqualTo(light);
        picture("dark");
    }

    @Test
    void theReportCanBePrinted() throws SQLException, IOException {
        open(TestReports.swept());
        chromium.dark(true);

        byte[] pdf = chromium.print();

        assertThat(new String(pdf, 0, 5, StandardCharsets.ISO_8859_1)).isEqualTo("%PDF-");
        Files.write(PICTURES.resolve("paper.pdf"), pdf);
    }

    @Test
    void aReportOfTenThousandRepositoriesIsUsable() throws SQLException, IOException {
        open(TestReports.big());

        assertThatTheScriptRan();
        assertThat(chromium.evaluate("document.getElementById('count').textContent")
                        .asText())
                .isEqualTo("50 of 4,000 rows");
        String found = chromium.evaluate("(() => { const search = document.getElementById('search');"
                        + " search.value = 'mirror'; search.dispatchEvent(new Event('input'));"
                        + " return document.getElementById('count').textContent; })()")
                .asText();
        assertThat(found).matches("50 of [0-9,]+ rows that match, of 4,000 in this file");
        // Of all that match, no more than a page is rendered: to search takes no time that anybody would notice.
        assertThat(rows()).isEqualTo(50);
        picture("big");
    }
}
