package dev.tidemark.report.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * From an alert to free room and back, at 3 a.m.: by the keyboard alone, in five steps. With {@code -Ddocs=write} the
 * pictures in docs/images are made anew.
 */
class UiNightIT extends UiInBrowser {

    private static final Path DOCS = Path.of("..", "docs", "images");

    /** How often something was done: a press of Enter stands for a click. */
    private int steps;

    @Test
    void aRunIsApprovedAndUndoneInFiveSteps() throws IOException {
        scene.waiting();
        open("");
        take("1-waits");
        assertThat(text(".lead dd")).isEqualTo("465.1 MB");

        press("#approve");
        chromium.await("document.querySelector('dialog .act')");
        take("2-approve");
        assertThat(text("dialog"))
                .contains("465.1 MB, 20 % of the 2.3 GB found")
                .contains("39 blobs, 19 manifests, 19 layer links")
                .contains("tidemark approve --bootstrap-servers kafka:9092 20261123-211839");

        press("dialog .act");
        chromium.await("document.querySelector('.card.run .state').textContent === 'swept'");
        take("3-swept");
        assertThat(text("#said")).startsWith("Approved");

        press("nav a[href='#/trash']");
        chromium.await("document.querySelector('.trash button')");
        take("4-trash");

        press(".trash button");
        chromium.await("document.querySelector('dialog .act')");
        take("5-undo");
        assertThat(text("dialog"))
                .contains("131 files, 465.1 MB", "10 of legacy/cache, 9 of web/api")
                .contains("tidemark undo --bootstrap-servers kafka:9092 20261123-211839 /var/lib/registry");

        press("dialog .act");
        chromium.await("document.querySelector('#said').textContent.includes('back')");
        chromium.await("document.querySelectorAll('.trash button').length === 1");
        take("6-back");
        assertThat(text("#said")).isEqualTo("131 files, 465.1 MB are back");

        // To the figures: one. To free the room: two. To bring it back: three more, the last of which only confirms.
        assertThat(steps).isEqualTo(5);
        assertThat(server.asked())
                .filteredOn(request -> request.startsWith("POST"))
                .containsExactly(
                        "POST runs/20261123-211839/approve",
                        "POST runs/20261123-211839/undo",
                        "POST runs/20261123-211839/undo");
        assertThat(chromium.complaints()).isEmpty();
    }

    @Test
    void theSameInTheDark() throws IOException {
        scene.waiting();
        open("");
        chromium.screen(960, 640).dark(true);
        write("1-waits-dark");
        press("#approve");
        chromium.await("document.querySelector('dialog .act')");
        write("2-approve-dark");
        press("dialog .act");
        chromium.await("document.querySelector('.card.run .state').textContent === 'swept'");
        write("3-swept-dark");
        press("nav a[href='#/trash']");
        chromium.await("document.querySelector('.trash button')");
        write("4-trash-dark");
        press(".trash button");
        chromium.await("document.querySelector('dialog .act')");
        write("5-undo-dark");
        press("dialog .act");
        chromium.await("document.querySelectorAll('.trash button').length === 1");
        write("6-back-dark");
        assertThat(chromium.evaluate("getComputedStyle(document.body).backgroundColor")
                        .asText())
                .isEqualTo("rgb(13, 20, 24)");
    }

    private void press(String selector) {
        reach(selector);
        chromium.press("Enter");
        steps++;
    }

    private static void take(String name) throws IOException {
        chromium.screen(960, 640);
        write(name + "-light");
    }

    private static void write(String name) throws IOException {
        byte[] picture = chromium.viewport();
        assertThat(picture.length).as("bytes of %s", name).isLessThan(150_000);
        Files.write(PICTURES.resolve("ui-" + name + ".png"), picture);
        if (System.getProperty("docs", "").equals("write")) {
            Files.write(DOCS.resolve("ui-" + name + ".png"), picture);
        }
    }
}
