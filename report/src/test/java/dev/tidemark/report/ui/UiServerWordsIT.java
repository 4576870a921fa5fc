package dev.tidemark.report.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.report.data.Hostile;
import dev.tidemark.report.ui.CannedServer.Answer;
import dev.tidemark.schemas.JsonSerde;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the server says, and refuses. */
class UiServerWordsIT extends UiInBrowser {

    @Test
    void theTokenStaysInThisTabAndOutOfTheAddress() {
        scene.waiting();
        open("");

        assertThat(chromium.evaluate("location.href").asText())
                .isEqualTo(server.address("").toString());
        assertThat(chromium.evaluate("Object.values(localStorage).length + document.cookie.length")
                        .asInt())
                .isZero();
        assertThat(chromium.requests()).noneMatch(request -> request.contains(CannedServer.TOKEN));
        chromium.open(URI.create("about:blank"))
                .open(server.address("#/trash"))
                .await("document.querySelector('h1').textContent === 'Trash'");
        assertThat(count("#token")).isZero();
    }

    @Test
    void withoutTheTokenThePageAsksForIt() {
        scene.waiting();
        open("");
        chromium.evaluate("sessionStorage.clear()");
        chromium.open(URI.create("about:blank")).open(server.address("")).await("document.querySelector('#token')");
        assertThat(focused("#token")).isTrue();
        assertThat(count("[role=alert] p")).isZero();

        chromium.type("another").press("Enter").await("document.querySelector('form [role=alert]')");
        assertThat(text("form [role=alert]")).isEqualTo("the token is missing, or another one");

        chromium.type(CannedServer.TOKEN).press("Enter").await("document.querySelector('.card.run')");
        assertThat(text("h1")).isEqualTo("Runs");
    }

    @Test
    void aRefusalIsShownInTheQuestionAsItWasSaid() {
        scene.waiting();
        server.refuses("POST runs/" + Scene.RUN + "/approve", 409, "a run on the registry is under way");
        open("");
        click("#approve");
        chromium.await("document.querySelector('dialog .act')");

        click("dialog .act");
        chromium.await("document.querySelector('dialog [role=alert]').innerText");

        assertThat(text("dialog [role=alert]")).isEqualTo("a run on the registry is under way");
        assertThat(text("dialog .act")).isEqualTo("Free 465.1 MB");
        assertThat(text(".card.run .state")).isEqualTo("waiting for approval");
    }

    @Test
    void faultsOfAPolicyAreShownLineByLine() {
        scene.local();
        server.on(
                "POST policy",
                body -> new Answer(
                        400, "{\"error\": \"line 3: a list\", \"more\": [\"line 4: no key 'keep'\"]}", Map.of()));
        open("policy");
        chromium.evaluate("document.querySelector('textarea').value = '-'");
        click("form button");
        chromium.await("document.querySelector('#trouble').innerText");

        assertThat(text("#trouble")).contains("line 3: a list", "line 4: no key 'keep'");
        assertThat(chromium.evaluate("document.querySelector('textarea').value").asText())
                .isEqualTo("-");
    }

    @Test
    void anAnswerThatIsOutOfDateSaysSinceWhen() {
        scene.local();
        server.on(
                "GET runs",
                body -> new Answer(
                        200,
                        Scene.document("runs-waiting"),
                        Map.of("Tidemark-Read", "2026-11-23T20:00:00Z", "Tidemark-Stale", "a run is under way")));
        open("");

        assertThat(text("#stale")).contains("read 23 Nov 2026, 20:00 UTC", "a run is under way");
        assertThat(text("#read")).isEqualTo("as of 23 Nov 2026, 20:00 UTC");
    }

    @Test
    void aServerThatHasEndedIsSaidAndTheFiguresStay() {
        scene.waiting();
        open("");
        server.refuses("GET runs", 502, "Kafka at kafka:9092 does not answer");
        chromium.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
        chromium.await("document.querySelector('#trouble').innerText");

        assertThat(text("#trouble")).contains("Kafka at kafka:9092 does not answer");
        assertThat(text(".lead")).contains("465.1 MB");

        scene.is("waiting");
        chromium.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
        chromium.await("document.querySelector('#trouble').innerText === ''");
    }

    @Test
    void aClusterIsLookedAtAgainAfterFiveSeconds() {
        scene.waiting();
        open("");
        scene.is("sweeping");

        chromium.await("document.querySelector('progress')");

        assertThat(text(".progress")).isEqualTo("31 of 77 deletions, 40 %");
        scene.is("swept");
        chromium.await("document.querySelector('.card.run .state').textContent === 'swept'");
    }

    @Test
    void nothingChangesBehindAQuestion() {
        scene.waiting();
        open("");
        click("#approve");
        scene.is("swept");
        chromium.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
        chromium.await(
                "performance.getEntriesByType('resource').filter(one => one.name.endsWith('211839')).length > 1");
        assertThat(text(".card.run .state")).isEqualTo("waiting for approval");

        chromium.press("Escape").await("document.querySelector('.card.run .state').textContent === 'swept'");
    }

    @Test
    void aPageToLookAtHasNoButtons() {
        scene.readOnly();
        open("");

        assertThat(text("#read-only")).isEqualTo("read only");
        assertThat(count("#view button")).isZero();
        go("trash");
        assertThat(count(".trash tbody tr")).isEqualTo(2);
        assertThat(count("#view button")).isZero();
    }

    @Test
    void onOneMachineAnApprovalSaysWhoSweeps() {
        scene.local();
        open("");
        click("#approve");
        chromium.await("document.querySelector('dialog .act')");

        assertThat(text("dialog"))
                .contains("tidemark collect --schedule sweeps it within a minute")
                .contains("tidemark approve --data-dir /var/lib/tidemark 20261123-211839");
    }

    @Test
    void namesAreTextWhateverIsInThem() {
        String all = String.join(" ", Hostile.names(server.address("").toString()));
        String name = JsonSerde.MAPPER.getNodeFactory().textNode(all).toString();
        String longer = JsonSerde.MAPPER
                .getNodeFactory()
                .textNode("x".repeat(300) + all)
                .toString();
        scene.waiting();
        scene.state(Scene.cluster().put("registry", all).put("name", all));
        server.on("GET runs", Scene.document("runs-waiting").replace("\"alice@example.org\"", longer))
                .on(
                        "GET runs/" + Scene.RUN,
                        Scene.document("show-waiting")
                                .replace("\"why\":\"37.1 %", "\"why\":" + name.substring(0, name.length() - 1)))
                .on("GET explain", Scene.document("explain-kept").replace("\"base\"", longer))
                .on("GET trash", Scene.document("trash-list"))
                .on(
                        "POST runs/" + Scene.RUN + "/undo",
                        Scene.document("undo").replace("legacy/cache", "\\u202e<img src=x onerror=alert(1)>/cache"));
        open("");
        chromium.screen(390, 844);
        assertUnharmed();
        assertThat(text("#view")).contains("</script><script>" + Hostile.HARM).contains("\ufffdtxt.exe");
        click("#approve");
        chromium.await("document.querySelector('dialog .act')");
        assertUnharmed();
        chromium.press("Escape");

        for (String view : new String[] {"runs/" + Scene.RUN, "explain?subject=x", "trash"}) {
            go(view);
            assertUnharmed();
        }
        click(".trash button");
        chromium.await("document.querySelector('dialog .act')");
        assertThat(text("dialog")).contains("\ufffd<img src=x onerror=alert(1)>/cache");
        assertUnharmed();
    }

    private static void assertUnharmed() {
        assertThat(chromium.evaluate("document.documentElement.dataset.harmed || 'no'")
                        .asText())
                .isEqualTo("no");
        assertThat(count("#view img, #view script, dialog img, dialog script")).isZero();
        assertThat(chromium.complaints()).isEmpty();
        assertNoWiderThan(390);
    }
}
