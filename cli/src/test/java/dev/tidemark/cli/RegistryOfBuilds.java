package dev.tidemark.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Storage of the real registry with six builds, a day apart, each under a tag of its own, and what a test adds. */
abstract class RegistryOfBuilds {

    static final String APP = "team/app";
    static final String BASE = "library/base";

    @TempDir
    Path directory;

    Path root;
    RegistryOnDisk storage;
    Tidemark tidemark;

    @BeforeEach
    void aRegistryWithATagForEachBuild() throws Exception {
        assumeTrue(DockerRegistry.binary().isPresent(), "docker-registry is not installed: skipped");
        root = Files.createDirectories(directory.resolve("registry"));
        storage = RegistryOnDisk.at(root);
        tidemark = new Tidemark(directory.resolve("home"));
        try (var registry = DockerRegistry.serve(directory, root)) {
            for (int build = 1; build <= 6; build++) {
                registry.pushImage(APP, "main-" + build, "config " + build, "base", "layer " + build);
            }
            pushMore(registry);
            registry.pushImage(BASE, "old", "config base", "base");
        }
        storage.age(Duration.ofDays(2));
        for (int build = 1; build <= 6; build++) {
            RegistryOnDisk.age(storage.repo(APP).currentLink("main-" + build), Duration.ofDays(20 - build));
        }
    }

    /** Pushes what there is beside the builds. */
    abstract void pushMore(DockerRegistry registry);

    /** Writes a policy, and returns its path. */
    String policy(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
