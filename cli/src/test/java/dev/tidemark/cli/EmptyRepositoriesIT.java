package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.schemas.Digest;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.DockerRegistry;
import dev.tidemark.testkit.RegistryConfigFile;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Repositories that have nothing any more, and the real registry's catalog, which names them all the same. */
class EmptyRepositoriesIT extends RegistryWithLeftovers {

    @ParameterizedTest
    @ValueSource(strings = {"docker-registry", "registry3"})
    void aRepositoryThatHasNothingLeavesTheCatalog(String binary) throws IOException {
        assumeTrue(DockerRegistry.onPath(binary), binary + " is not installed: skipped");
        try (var registry = DockerRegistry.serve(binary, directory, RegistryConfigFile.onFilesystem(root), "")) {
            registry.pushImage("team/app", "v1", "config", "layer");
            registry.pushImage("team/gone/below", "v1", "config below", "layer below");
            registry.deleteManifest("team/gone", registry.pushImage("team/gone", "v1", "config gone", "layer gone"));
            String revision = Layout.revision("team/app", Digest.parse(RegistryOnDisk.sha256(new byte[0])));
            disk.directory(revision);
            // As other collectors leave the layer links of an image that was deleted through the API.
            Path layers = disk.base().resolve(Layout.layers("team/gone") + "/sha256");
            RegistryOnDisk.remove(layers);
            Files.createDirectory(layers);
            assertThat(Pulled.repositories(registry))
                    .containsExactlyInAnyOrder("team/app", "team/gone", "team/gone/below");
            disk.ageDirectories(Duration.ofDays(6));
            assertThat(collect("--dry-run").empty()).as("younger").isEmpty();
            disk.ageDirectories(Duration.ofDays(8));
            Map<String, String> before = disk.snapshot();

            Tidemark.Result dry = collect("--dry-run");

            assertThat(dry.exitCode()).as(dry.err()).isZero();
            assertThat(disk.snapshot()).isEqualTo(before);
            assertThat(dry.empty()).containsExactlyInAnyOrder(Layout.repository("team/gone"), revision);
            assertThat(dry.out())
                    .contains("1 empty repository, eligible: nothing was written there for 7d")
                    .contains("1 empty directory, eligible");
            assertThat(explained("team/gone")).startsWith("eligible").contains("which has nothing");

            Tidemark.Result swept = collect("--keep-trash", "24h");

            assertThat(swept.exitCode()).as(swept.out() + swept.err()).isZero();
            assertThat(swept.out()).contains("1 empty repository deleted").contains("1 empty directory deleted");
            assertThat(Pulled.repositories(registry)).containsExactlyInAnyOrder("team/app", "team/gone/below");
            assertThat(disk.base().resolve(revision)).doesNotExist();
            assertThat(registry.manifest("team/gone/below", "v1")).isPresent();
            assertThat(registry.manifest("team/app", "v1")).isPresent();
            assertThat(explained("team/gone")).startsWith("deleted");
            assertThat(explained(revision.substring(Layout.REPOSITORIES.length() + 1)))
                    .startsWith("deleted");
            assertProved();

            registry.pushImage("team/gone", "v2", "config, again", "layer, again");
            assertThat(registry.manifest("team/gone", "v2")).isPresent();
            assertThat(Pulled.repositories(registry)).contains("team/gone");
        }
    }

    /** A sweep changes the time of what it empties: it goes by a later run. */
    @Test
    void aRepositoryThatASweepHasEmptiedGoesOnceItIsOld() {
        disk.repo("team/app").tag("v1", disk.repo("team/app").image("image"));
        disk.repo("old/gone").image("gone");
        disk.directory(Layout.uploads("old/gone"));
        disk.directory(Layout.blob(Digest.parse(RegistryOnDisk.sha256(new byte[0]))));
        disk.age(Duration.ofDays(9)).ageDirectories(Duration.ofDays(9));

        Tidemark.Result first = collect("-m", "--max-delete", "100");
        assertThat(first.exitCode()).as(first.out() + first.err()).isZero();
        assertThat(first.empty())
                .as("the directory of a blob")
                .singleElement()
                .asString()
                .startsWith("blobs/");
        assertThat(disk.repo("old/gone").directory()).exists();
        assertProved();
        assertThat(collect("--dry-run").empty()).isEmpty();

        disk.ageDirectories(Duration.ofDays(9));
        Tidemark.Result second = collect();

        assertThat(second.empty()).containsExactly(Layout.repository("old/gone"));
        assertThat(disk.base().resolve("repositories/old")).doesNotExist();
        assertProved();
    }

    private Tidemark.Result collect(String... options) {
        List<String> all = new ArrayList<>(List.of("--leftovers", "7d"));
        all.addAll(List.of(options));
        all.add(root.toString());
        return tidemark.collect(all.toArray(String[]::new));
    }
}
