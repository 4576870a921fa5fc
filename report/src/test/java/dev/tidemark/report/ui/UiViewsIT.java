package dev.tidemark.report.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.report.data.TestReports;
import dev.tidemark.schemas.text.Units;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The views as people look at them. */
class UiViewsIT extends UiInBrowser {

    @Test
    void theLatestRunIsOnTopWithWhatCanBeDone() throws IOException {
        scene.waiting();
        open("");

        assertThat(text("h1")).isEqualTo("Runs");
        assertThat(text(".card.run")).contains("20261123-211839", "waiting for approval", "alice@example.org");
        assertThat(text(".lead")).contains("Would be freed", "465.1 MB", "20 % of the 2.3 GB found");
        assertThat(text(".card.run .notice")).contains("37.1 % of the blobs are eligible");
        assertThat(text(".card.run .buttons")).contains("Approve: free 465.1 MB…", "Cancel…");
        assertThat(count(".runs tbody tr")).isEqualTo(5);
        assertThat(chromium.complaints()).isEmpty();
        picture("runs");
    }

    @Test
    void aRunSaysWhatGoesAndWhatStaysAndWhy() throws IOException, SQLException {
        scene.swept();
        try (var run = TestReports.swept()) {
            scene.report(run);
        }
        open("runs/" + Scene.RUN);

        assertThat(text("#view"))
                .contains("Live: an image needs it", "Young: only its age keeps it", "Spared by the second look")
                .contains("platform/gateway", "permission denied, or behind a symbolic link")
                .contains("--max-delete 10 waits if more is eligible");
        assertThat(count(".deletions tbody tr")).isEqualTo(50);
        assertThat(chromium.complaints()).isEmpty();
        picture("run");
    }

    @Test
    void deletionsAreSearchedByTyping() {
        scene.waiting();
        open("runs/" + Scene.RUN);
        reach("#search");

        chromium.type("payments trainer");

        assertThat(count(".deletions tbody tr")).isBetween(1, 49);
        assertThat(chromium.evaluate("[...document.querySelectorAll('.deletions tbody tr')]"
                                + ".every(row => row.innerText.includes('payments/trainer'))")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void theKeyboardGoesOnWhereMoreRowsBegin() {
        scene.waiting();
        open("runs/" + Scene.RUN);
        reach(".tablefoot button");

        chromium.press("Enter");

        assertThat(count(".deletions tbody tr")).isEqualTo(77);
        assertThat(chromium.evaluate("[...document.querySelectorAll('.deletions a.digest')]"
                                + ".indexOf(document.activeElement)")
                        .asInt())
                .isEqualTo(50);
    }

    @Test
    void tagsAreShownByRuleWhereARunHadAPolicy() throws SQLException {
        scene.waiting();
        try (var run = TestReports.byPolicy()) {
            scene.report(run);
        }
        open("runs/" + Scene.RUN);

        assertThat(text(".rules")).contains("team/app", "builds, line 5: main-*", "newest 3, and 2 are kept");
    }

    @Test
    void theWholeReportIsSavedAsAFile() {
        scene.waiting();
        server.on("GET runs/" + Scene.RUN + "/report.html", "<!doctype html>");
        open("runs/" + Scene.RUN);
        chromium.evaluate("HTMLAnchorElement.prototype.click = function () {"
                + " document.body.dataset.saved = this.download + ' ' + this.protocol; }");

        click("#whole-report");

        chromium.await("document.body.dataset.saved === 'tidemark-report-20261123-211839.html blob:'");
        assertThat(server.asked()).contains("GET runs/20261123-211839/report.html");
    }

    @Test
    void anExplanationHasTheWayFromTheTag() throws IOException {
        scene.waiting();
        open("explain");
        reach("#subject");

        chromium.type("sha256:d734db").press("Enter");
        chromium.await("document.querySelector('#verdict')");

        assertThat(text("#verdict")).isEqualTo("kept");
        assertThat(text(".sentence")).isEqualTo("The tag base:3.20 leads to it.");
        assertThat(text(".way")).contains("tag base:3.20", "manifest sha256:85ffb09aa3a1 in base", "layer");
        assertThat(chromium.evaluate("location.hash").asText()).isEqualTo("#/explain?subject=sha256%3Ad734db");
        picture("explain");
    }

    @Test
    void anExplanationOfATagHasTheTreeUnderIt() {
        scene.waiting();
        server.on("GET explain", Scene.document("explain-tag"));
        open("explain?subject=team/shop:latest");

        assertThat(text(".sentence")).isEqualTo("The policy lets the tag team/shop:latest go, in a dry run.");
        assertThat(text(".tree")).contains("manifest sha256:761b7eb6f8db", "config", "with team/shop:v1.1");
        assertThat(count(".tree li")).isEqualTo(5);
    }

    @Test
    void anExplanationOfWhatIsGoneSaysUntilWhenItCanComeBack() {
        scene.waiting();
        server.on("GET explain", Scene.document("explain-gone"));
        open("explain?subject=sha256:bb5ecd");

        assertThat(text(".sentence")).contains("By the run 20261201-043218", "nothing live references it");
        assertThat(text(".facts")).contains("kept there until 2 Dec 2026, 04:32 UTC at least");
    }

    @Test
    void theBeginningOfSeveralDigestsLeadsToEach() {
        scene.waiting();
        server.on(
                "GET explain",
                body -> new CannedServer.Answer(
                        404,
                        "{\"error\": \"that could be any of 2:\", \"exit\": 2, \"more\": [\"sha256:aa1\", \"sha256:aa2\"]}",
                        java.util.Map.of()));
        open("explain?subject=sha256:aa");

        assertThat(text(".notice")).contains("that could be any of 2:", "sha256:aa1");
        assertThat(chromium.evaluate("document.querySelectorAll('.notice a')[1].getAttribute('href')")
                        .asText())
                .isEqualTo("#/explain?subject=sha256%3Aaa2");
    }

    @Test
    void aPolicyIsTriedOnOneMachine() throws IOException {
        scene.local();
        open("policy");
        reach("#policy-text");

        chromium.type("policies: []").press("Tab").press("Enter");
        chromium.await("document.querySelector('.rules')");

        assertThat(text(".lead")).contains("1.8 kB");
        assertThat(text(".rules")).contains("team/shop", "releases, line 5: **", "newest 2, and 1 are kept");
        assertThat(chromium.complaints()).isEmpty();
        picture("policy");
    }

    @Test
    void aClusterNamesTheCommandThatTriesAPolicy() {
        scene.waiting();
        open("policy");

        assertThat(text(".command"))
                .isEqualTo("tidemark run --dry-run --policy policy.yml --bootstrap-servers kafka:9092");
        assertThat(count("textarea")).isZero();
    }

    @Test
    void nothingIsWiderThanAPhone() throws IOException {
        scene.swept();
        open("");
        chromium.screen(390, 844);
        for (String view : List.of("trash", "runs/" + Scene.RUN, "runs", "policy", "explain?subject=sha256:d734db")) {
            go(view);
            assertNoWiderThan(390);
            picture("phone-" + URLEncoder.encode(view.replace('/', '-'), StandardCharsets.UTF_8));
        }
    }

    @Test
    void nothingMovesByItself() {
        scene.waiting();
        open("");

        assertThat(chromium.evaluate("document.getAnimations().length").asInt()).isZero();
    }

    @Test
    void figuresAreWrittenAsInTheCommands() {
        scene.waiting();
        open("");
        List<Long> sizes = LongStream.of(
                        0, 1, 999, 1000, 999_949, 999_950, 12_345_678, 465_064_761, 9_007_199_254_740_991L)
                .boxed()
                .toList();

        assertThat(strings("import('/text.js').then(text => " + sizes + ".map(text.bytes))"))
                .containsExactlyElementsOf(sizes.stream().map(Units::bytes).toList());
        assertThat(strings("import('/text.js').then(text => " + sizes + ".map(text.number))"))
                .containsExactlyElementsOf(sizes.stream().map(Units::number).toList());
        List<Integer> seconds = List.of(0, 1, 59, 60, 61, 3599, 3600, 7261, 360_000);
        assertThat(strings("import('/text.js').then(text => " + seconds + ".map(text.elapsed))"))
                .containsExactlyElementsOf(seconds.stream()
                        .map(time -> Units.elapsed(Duration.ofSeconds(time)))
                        .toList());
    }

    private static List<String> strings(String script) {
        var strings = new java.util.ArrayList<String>();
        chromium.evaluate(script).forEach(text -> strings.add(text.asText()));
        return strings;
    }
}
