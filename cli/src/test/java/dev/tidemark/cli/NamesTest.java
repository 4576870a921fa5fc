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

/** A name is one thing's name. */
class NamesTest {

    @Test
    void noTwoClassesOfMainCodeHaveTheSameName() throws IOException {
        Map<String, List<Path>> byName =
                sources().collect(groupingBy(source -> source.getFileName().toString()));

        assertThat(byName).hasSizeGreaterThan(500);
        byName.remove("package-info.java");
        assertThat(byName.values()).allSatisfy(sources -> assertThat(sources).hasSize(1));
    }

    /** The sources of all modules. */
    private static Stream<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(Path.of("..").toRealPath())) {
            return modules
                    .map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(NamesTest::javaFiles)
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
