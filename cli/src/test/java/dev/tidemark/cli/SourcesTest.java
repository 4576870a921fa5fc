package dev.tidemark.cli;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The sources of all modules: a name is one thing's name, and a file is read in one go. */
class SourcesTest {

    @Test
    void noTwoClassesOfMainCodeHaveTheSameName() throws IOException {
        Map<String, List<Path>> byName = sources("main")
                .collect(groupingBy(source -> source.getFileName().toString()));

        assertThat(byName).hasSizeGreaterThan(500);
        byName.remove("package-info.java");
        assertThat(byName.values()).allSatisfy(sources -> assertThat(sources).hasSize(1));
    }

    @Test
    void noFileHasMoreThanThreeHundredLines() throws IOException {
        assertThat(Stream.concat(sources("main"), sources("test"))
                        .filter(source -> text(source).lines().count() > 300))
                .isEmpty();
    }

    @Test
    void aTestIsNamedByASentenceWithASubject() throws IOException {
        Pattern question = Pattern.compile(" void (what|who|whoever|whatever|whose)[A-Z]\\w*");

        assertThat(sources("test")
                        .flatMap(source ->
                                question.matcher(text(source)).results().map(MatchResult::group)))
                .isEmpty();
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param kind main or test */
    private static Stream<Path> sources(String kind) throws IOException {
        try (Stream<Path> modules = Files.list(Path.of("..").toRealPath())) {
            return modules
                    .map(module -> module.resolve("src").resolve(kind).resolve("java"))
                    .filter(Files::isDirectory)
                    .flatMap(SourcesTest::javaFiles)
                    .toList()
                    .stream();
        }
    }

    private static Stream<Path> javaFiles(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
