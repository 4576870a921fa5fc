package dev.tidemark.report.ui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.Chromium;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The page of {@code tidemark ui} in a real browser. Skipped where chromium is not installed. */
abstract class UiInBrowser {

    /** Where pictures of all that was looked at are left, for people. */
    static final Path PICTURES = Path.of("target", "report-pictures");

    private static final String AXE = "org.webjars.npm/axe-core";
    private static final int TABS = 60;
    private static final String DRAWN =
            "(text => text !== '' && !text.startsWith('Reading'))" + "(document.getElementById('view').textContent)";

    static CannedServer server;
    static Scene scene;
    static Chromium chromium;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Chromium.isInstalled(), "chromium is not installed: the page is not looked at in a browser");
        Files.createDirectories(PICTURES);
        server = new CannedServer();
        scene = new Scene(server);
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    /** Opens the page with the address that the program prints, and goes to a view. */
    static void open(String view) {
        chromium.screen(1280, 900)
                .dark(false)
                .open(URI.create("about:blank"))
                .open(server.address("#" + CannedServer.TOKEN));
        chromium.await(DRAWN);
        if (!view.isEmpty()) {
            go(view);
        }
    }

    /** Goes to another view as a link does. */
    static void go(String view) {
        chromium.evaluate("new Promise(gone => { addEventListener('hashchange', () => gone(true), {once: true});"
                + " location.hash = '#/" + view + "'; })");
        chromium.await(DRAWN);
    }

    static String text(String selector) {
        return chromium.evaluate(
                        "document.querySelector(`" + selector + "`)?.innerText ?? 'there is no " + selector + "'")
                .asText();
    }

    static int count(String selector) {
        return chromium.evaluate("document.querySelectorAll(`" + selector + "`).length")
                .asInt();
    }

    static void click(String selector) {
        chromium.evaluate("document.querySelector(`" + selector + "`).click()");
    }

    /** Gives something the keyboard by pressing Tab. */
    static void reach(String selector) {
        for (int tab = 0; tab < TABS; tab++) {
            if (focused(selector)) {
                return;
            }
            chromium.press("Tab");
        }
        throw new AssertionError(TABS + " times Tab, and never at " + selector);
    }

    static boolean focused(String selector) {
        return chromium.evaluate("document.activeElement.matches(`" + selector + "`)")
                .asBoolean();
    }

    static void assertNoWiderThan(int width) {
        assertThat(chromium.evaluate("document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(width);
    }

    /** What is wrong for people who use the page with other senses: each rule with the elements that break it. */
    static List<String> barriers() throws IOException {
        chromium.evaluate(axe() + "; 0");
        var found = new ArrayList<String>();
        chromium.evaluate("axe.run().then(result => result.violations)")
                .forEach(violation -> found.add(violation.path("id").asText() + ": "
                        + violation.path("nodes").findValuesAsText("html")));
        return found;
    }

    private static String axe() throws IOException {
        var maven = new Properties();
        try (InputStream in = resource("/META-INF/maven/" + AXE + "/pom.properties")) {
            maven.load(in);
        }
        try (InputStream in =
                resource("/META-INF/resources/webjars/axe-core/" + maven.getProperty("version") + "/axe.min.js")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream resource(String path) {
        return UiInBrowser.class.getResourceAsStream(path);
    }

    static void picture(String name) throws IOException {
        Files.write(PICTURES.resolve("ui-" + name + ".png"), chromium.screenshot());
    }
}
