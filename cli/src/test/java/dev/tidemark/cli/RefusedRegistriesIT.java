package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registries that have nothing, or not all that is in use, in their storage. */
class RefusedRegistriesIT {

    @TempDir
    private Path directory;

    private Tidemark tidemark;

    @BeforeEach
    void aHome() {
        tidemark = new Tidemark(directory.resolve("home"));
    }

    /** As a middleware leaves it that keeps the manifests in a database of its own. */
    @Test
    void layerLinksAndNotOneManifestAreNoRegistryToSweep() {
        RegistryOnDisk registry = RegistryOnDisk.at(directory.resolve("registry"));
        registry.repo("team/app").layer("one");
        registry.blob("a manifest, for all that is known");
        registry.age(Duration.ofDays(3));
        Map<String, String> before = registry.snapshot();

        Tidemark.Result result =
                tidemark.collect("--max-delete", "100", registry.root().toString());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("not one manifest", "push one image");
        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void aRegistryOfYoungLayersIsCollectedAndKeepsThem() {
        RegistryOnDisk registry = RegistryOnDisk.at(directory.resolve("registry"));
        String layer = registry.repo("team/app").layer("being pushed");

        Tidemark.Result result = tidemark.collect(registry.root().toString());

        assertThat(result.exitCode()).isZero();
        assertThat(registry.blobs()).containsExactly(layer);
    }

    @Test
    void aRegistryThatNobodyHasPushedToIsEmpty() throws IOException {
        Path root = Files.createDirectories(directory.resolve("registry"));
        Path config = Files.writeString(
                directory.resolve("config.yml"),
                "version: 0.1\nstorage: {filesystem: {rootdirectory: " + root + "}}\n");

        Tidemark.Result result = tidemark.collect("-m", config.toString());
        Tidemark.Result bare = tidemark.collect("-m", root.toString());

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(root).isEmptyDirectory();
        assertThat(bare.exitCode()).isEqualTo(2);
    }
}
