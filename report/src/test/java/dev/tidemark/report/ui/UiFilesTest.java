package dev.tidemark.report.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the page, without a browser. */
class UiFilesTest {

    private static final Path SOURCES = Path.of("src/main/resources/dev/tidemark/report/ui");
    private static final Pattern NAMES_ANOTHER = Pattern.compile("(?:from '\\./|(?:href|src)=\")([\\w.-]+)['\"]");

    @Test
    void theListHasAllFilesThatThereAre() throws IOException {
        assertThat(sources())
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        source -> assertThat(text("/" + source.getFileName())).isEqualTo(Files.readString(source)));
    }

    @Test
    void theSlashIsThePage() {
        assertThat(UiFiles.file("/").orElseThrow().contentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(text("/")).startsWith("<!doctype html>").isEqualTo(text("/index.html"));
    }

    @Test
    void eachKindOfFileHasItsType() {
        assertThat(UiFiles.file("/ui.js").orElseThrow().contentType()).isEqualTo("text/javascript; charset=utf-8");
        assertThat(UiFiles.file("/ui.css").orElseThrow().contentType()).isEqualTo("text/css; charset=utf-8");
    }

    @Test
    void filesNameOnlyFilesThatAreServed() throws IOException {
        List<String> named = sources().stream()
                .flatMap(source ->
                        NAMES_ANOTHER.matcher(text("/" + source.getFileName())).results())
                .map(match -> match.group(1))
                .distinct()
                .toList();

        assertThat(named).contains("report.css", "ui.js", "dom.js");
        assertThat(named)
                .allSatisfy(name -> assertThat(UiFiles.file("/" + name)).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ui.js", "/ui", "/UiFiles.class", "/../page/report.js", "/./ui.js", "//ui.js", "/ui.js?"})
    void nothingElseIsServed(String path) {
        assertThat(UiFiles.file(path)).isEmpty();
    }

    @Test
    void noTextBecomesMarkupOrAScript() throws IOException {
        assertThat(sources())
                .allSatisfy(source -> assertThat(text("/" + source.getFileName()))
                        .doesNotContainPattern(
                                "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|\\beval\\("
                                        + "|new Function|srcdoc|createContextualFragment"));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.sorted().toList();
        }
    }

    private static String text(String path) {
        return new String(UiFiles.file(path).orElseThrow().bytes(), StandardCharsets.UTF_8);
    }
}
