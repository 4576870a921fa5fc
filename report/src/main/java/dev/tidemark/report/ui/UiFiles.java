package dev.tidemark.report.ui;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of the page that {@code tidemark ui} serves, as browsers run them: there is nothing to build. Its look is the
 * report's. They are all in a list, so that nothing else is ever served, whatever is asked for.
 */
public final class UiFiles {

    private static final String PAGE = "index.html";
    private static final String REPORT_CSS = "/dev/tidemark/report/page/report.css";
    private static final String[] OWN = {
        PAGE,
        "ui.css",
        "ui.js",
        "actions.js",
        "api.js",
        "dialog.js",
        "dom.js",
        "explain.js",
        "facts.js",
        "latest.js",
        "listing.js",
        "messages.js",
        "policy.js",
        "rules.js",
        "run.js",
        "runs.js",
        "text.js",
        "trash.js",
        "verdict.js"
    };

    private static final Map<String, UiFile> FILES = files();

    private UiFiles() {}

    /**
     * A file.
     *
     * @param contentType with its charset
     */
    public record UiFile(String contentType, byte[] bytes) {}

    /**
     * The file at a path.
     *
     * @param path of a request, which begins with a slash; {@code /} is the page
     */
    public static Optional<UiFile> file(String path) {
        return Optional.ofNullable(FILES.get(path));
    }

    private static Map<String, UiFile> files() {
        var files = new TreeMap<String, UiFile>();
        Arrays.stream(OWN).forEach(name -> files.put("/" + name, read(name)));
        files.put("/", files.get("/" + PAGE));
        files.put("/report.css", read(REPORT_CSS));
        return files;
    }

    private static UiFile read(String name) {
        try (InputStream in = UiFiles.class.getResourceAsStream(name)) {
            return new UiFile(type(name), in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String name) {
        String kind = name.substring(name.lastIndexOf('.') + 1);
        return switch (kind) {
                    case "html", "css" -> "text/" + kind;
                    case "js" -> "text/javascript";
                    default -> throw new IllegalStateException(name);
                }
                + "; charset=utf-8";
    }
}
