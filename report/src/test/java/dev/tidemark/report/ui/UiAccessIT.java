package dev.tidemark.report.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The page for people who can't see it, or use no mouse. */
class UiAccessIT extends UiInBrowser {

    @Test
    void noViewHasABarrier() throws IOException {
        scene.swept();
        for (boolean dark : List.of(false, true)) {
            open("");
            chromium.dark(dark);
            for (String view : List.of(
                    "runs", "runs/" + Scene.RUN, "trash", "policy", "explain", "explain?subject=sha256:d734db")) {
                go(view);
                assertThat(barriers())
                        .as("%s, %s", view, dark ? "dark" : "light")
                        .isEmpty();
            }
        }
    }

    @Test
    void noQuestionHasABarrier() throws IOException {
        scene.waiting();
        for (boolean dark : List.of(false, true)) {
            open("");
            chromium.dark(dark);
            for (String button : List.of("#approve", "#cancel")) {
                click(button);
                chromium.await("document.querySelector('dialog .act')");
                assertThat(barriers()).as(button).isEmpty();
                chromium.press("Escape");
            }
        }
        scene.swept();
        open("trash");
        click(".trash button");
        chromium.await("document.querySelector('dialog .act')");
        assertThat(barriers()).isEmpty();
    }

    @Test
    void otherStatesOfThePageHaveNone() throws IOException {
        scene.local();
        open("policy");
        chromium.evaluate("document.querySelector('textarea').value = 'policies: []'");
        click("form button");
        chromium.await("document.querySelector('.rules')");
        assertThat(barriers()).as("a policy that was tried").isEmpty();

        scene.waiting();
        scene.is("sweeping");
        server.refuses("GET trash", 502, "the storage does not answer");
        open("");
        assertThat(count("progress")).isOne();
        assertThat(barriers()).as("a run that is under way").isEmpty();
        go("trash");
        assertThat(barriers()).as("an error").isEmpty();

        chromium.evaluate("sessionStorage.clear()");
        chromium.open(URI.create("about:blank")).open(server.address("")).await("document.querySelector('#token')");
        assertThat(barriers()).as("the question for the token").isEmpty();
    }

    @Test
    void thisTestWouldSeeABarrier() throws IOException {
        scene.waiting();
        open("");
        chromium.evaluate("document.querySelector('#approve').textContent = ''");

        assertThat(barriers()).anyMatch(barrier -> barrier.startsWith("button-name"));
    }

    @Test
    void aViewBeginsAtItsHeading() {
        scene.waiting();
        open("");
        reach("nav a[href='#/trash']");

        chromium.press("Enter").await("document.querySelector('h1').textContent === 'Trash'");

        assertThat(focused("h1")).isTrue();
        assertThat(chromium.evaluate("document.title").asText()).isEqualTo("Trash · Tidemark");
        assertThat(text("nav [aria-current=page]")).isEqualTo("Trash");
    }

    @Test
    void aQuestionBeginsAtTheButtonThatDoesNothingAndEndsWhereItWasAsked() {
        scene.waiting();
        open("");
        reach("#approve");
        chromium.press("Enter").await("document.querySelector('dialog .act')");

        assertThat(chromium.evaluate("document.activeElement.textContent").asText())
                .isEqualTo("Not now");
        chromium.press("Escape");

        assertThat(focused("#approve")).isTrue();
        assertThat(server.asked()).noneMatch(request -> request.startsWith("POST"));
    }

    @Test
    void theKeyboardIsAtTheHeadingWhereTheButtonHasGone() {
        scene.waiting();
        open("");
        reach("#approve");
        chromium.press("Enter").await("document.querySelector('dialog .act')");
        reach("dialog .act");

        chromium.press("Enter").await("document.querySelector('.card.run .state').textContent === 'swept'");

        assertThat(focused("h1")).isTrue();
    }
}
