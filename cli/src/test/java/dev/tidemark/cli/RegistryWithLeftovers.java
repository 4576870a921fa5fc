package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Storage of a registry in which clients leave something behind, and Tidemark beside it. */
abstract class RegistryWithLeftovers {

    @TempDir
    Path directory;

    Path root;
    RegistryOnDisk disk;
    Tidemark tidemark;

    @BeforeEach
    void aRoot() throws IOException {
        root = Files.createDirectories(directory.resolve("registry"));
        disk = RegistryOnDisk.at(root);
        tidemark = new Tidemark(directory.resolve("home"));
    }

    Tidemark.Result swept(String registry) {
        Tidemark.Result swept = tidemark.collect(
                "--leftovers", "7d", "--keep-trash", "24h", "--settle", "1s", "--format", "json", registry);
        assertThat(swept.exitCode()).as(swept.err()).isZero();
        assertThat(swept.summary()
                        .path("swept")
                        .path("deleted")
                        .path("upload")
                        .path("count")
                        .asInt())
                .as(swept.out())
                .isOne();
        return swept;
    }

    /** The registry's own purging, which begins at some moment of its first hour, would take the same uploads. */
    String storage() {
        return RegistryConfigFile.onFilesystem(root) + maintenance("enabled: false");
    }

    static String maintenance(String purging) {
        return "  maintenance: {uploadpurging: {" + purging + "}}\n";
    }

    void assertProved() {
        Tidemark.Result audited = tidemark.type("audit");
        assertThat(audited.exitCode()).as(audited.out() + audited.err()).isZero();
    }

    String explained(String subject) {
        Tidemark.Result explained = tidemark.type("explain", subject);
        assertThat(explained.exitCode()).as(explained.err()).isZero();
        assertThat(tidemark.type("explain", subject, "--format", "json").exitCode())
                .isZero();
        return explained.out();
    }

    /** The time in it, as the registry writes it; the file's own time stays old. */
    void begun(String repository, String id, Duration ago) throws IOException {
        Path start = directoryOf(repository, id).resolve("startedat");
        Files.writeString(
                start, Instant.now().minus(ago).truncatedTo(ChronoUnit.SECONDS).toString());
        RegistryOnDisk.age(start, ago);
    }

    Path directoryOf(String repository, String id) {
        return disk.repo(repository).directory().resolve("_uploads").resolve(id);
    }
}
