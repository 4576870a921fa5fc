package dev.tidemark.report.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.tidemark.report.data.ReportedRun;
import dev.tidemark.testkit.Chromium;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Reports in a real browser. Skipped where chromium is not installed. */
abstract class ReportsInBrowser {

    /** Where pictures of all that was looked at are left, for people. */
    static final Path PICTURES = Path.of("target", "report-pictures");

    static final Map<String, byte[]> PAGES = new ConcurrentHashMap<>();
    static final List<String> ASKED = new CopyOnWriteArrayList<>();
    private static HttpServer server;
    static Chromium chromium;

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(Chromium.isInstalled(), "chromium is not installed: the report is not looked at in a browser");
        Files.createDirectories(PICTURES);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            ASKED.add(exchange.getRequestURI().getPath());
            byte[] page = PAGES.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(page.length == 0 ? 404 : 200, page.length == 0 ? -1 : page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        chromium = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.stop(0);
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    static String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    static void open(ReportedRun index) throws SQLException {
        open(index, "");
    }

    static void open(ReportedRun index, String after) throws SQLException {
        try (index) {
            serve(ReportPage.of(index.report()), after);
        }
    }

    static void serve(String page, String after) {
        PAGES.put("/report.html", page.getBytes(StandardCharsets.UTF_8));
        ASKED.clear();
        chromium.scripts(true)
                .screen(1280, 900)
                .dark(false)
                .open(URI.create("about:blank"))
                .open(URI.create(address() + "/report.html" + after));
    }

    static void assertThatTheScriptRan() {
        assertThat(chromium.evaluate("document.documentElement.dataset.ready").asText())
                .isEqualTo("true");
        assertThat(chromium.evaluate("document.documentElement.dataset.error || ''")
                        .asText())
                .isEmpty();
        assertThat(chromium.evaluate("document.documentElement.dataset.violation || ''")
                        .asText())
                .isEmpty();
        assertThat(chromium.complaints()).isEmpty();
    }

    static List<String> shown(String part) {
        return List.of(chromium.evaluate("[...document.querySelectorAll('#listing tr')].map(row => row.querySelector('"
                        + part + "').textContent).join('|')")
                .asText()
                .split("\\|"));
    }

    static int rows() {
        return chromium.evaluate("document.querySelectorAll('#listing tr').length")
                .asInt();
    }

    static void picture(String name) throws IOException {
        Files.write(PICTURES.resolve(name + ".png"), chromium.screenshot());
    }
}
