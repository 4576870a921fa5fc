package dev.tidemark.cli;

import dev.tidemark.testkit.RegistryOnDisk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A registry with images that are broken already, collected at once: all that is garbage goes, however young. */
abstract class BrokenImages {

    @TempDir
    Path directory;

    Path root;
    Tidemark tidemark;

    @BeforeEach
    void aDataDirectory() {
        root = directory.resolve("registry");
        tidemark = new Tidemark(directory.resolve("home"));
    }

    Tidemark.Result collect(String... options) {
        return tidemark.collect(Stream.concat(
                        Stream.of(options),
                        Stream.of("-m", "--min-age", "0", "--settle", "0", "--max-delete", "100", root.toString()))
                .toArray(String[]::new));
    }

    /** The same, with a summary that can be read. */
    Tidemark.Result collectAsJson(String... options) {
        return collect(
                Stream.concat(Stream.of("--format", "json"), Stream.of(options)).toArray(String[]::new));
    }

    static String digest(String text) {
        return RegistryOnDisk.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
