package dev.tidemark.cli;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(strings = {"main", "test"})
    void noFileHasMoreThanThreeHundredLines(String kind) throws IOException {
        List<Path> sources = sources(kind).toList();

        assertThat(sources).hasSizeGreaterThan(300);
        assertThat(sources.stream().filter(source -> lines(source) > 300)).isEmpty();
    }

    private static int lines(Path source) {
        try {
            return Files.readAllLines(source).size();
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
