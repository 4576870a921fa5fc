package dev.tidemark.sweeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.file.FilesystemStorage;
import dev.tidemark.testkit.RegistryOnDisk;
import dev.tidemark.testkit.RepositoryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmptyDirectoriesTest {

    private static final RunId RUN = new RunId("20260101-000000");

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;
    private RepositoryOnDisk app;
    private String image;
    private EmptyDirectories directories;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        app = registry.repo("team/app");
        image = app.image("image");
        app.tag("v1", image).tag("v2", image);
        directories = new EmptyDirectories(FilesystemStorage.open(registry.root()));
    }

    @Test
    void aManifestCutOffBetweenItsTagsHistoriesLosesOnlyTheEmptyOnes() throws IOException {
        Files.delete(app.history("v1", image));

        directories.remove(manifest("team/app", "v1", "v2", "../../../.."));

        assertThat(app.history("v1", image).getParent()).doesNotExist();
        assertThat(app.history("v2", image)).exists();
        assertThat(app.currentLink("v1")).exists();
        assertThat(app.revision(image)).exists();
    }

    @Test
    void aDirectoryThatHoldsAnythingStays() throws IOException {
        Files.delete(app.revision(image));
        RegistryOnDisk.write(app.revision(image).resolveSibling("signatures/sha256/signature/link"), new byte[0]);
        Map<String, String> before = registry.snapshot();

        directories.remove(manifest("team/app"));

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void whatIsEmptyIsRemovedUpToTheRepositoryAndNotTheRepository() throws IOException {
        RegistryOnDisk.remove(app.directory().resolve("_manifests/tags"));
        Files.delete(app.revision(image));

        directories.remove(manifest("team/app"));

        assertThat(app.directory().resolve("_manifests")).doesNotExist();
        assertThat(app.directory().resolve("_layers")).exists();
    }

    @Test
    void whatHasBeenTidiedUpAlreadyIsNoTrouble() {
        String blob = registry.blob("blob");
        RegistryOnDisk.remove(registry.blobDirectory(blob).getParent());
        Map<String, String> before = registry.snapshot();

        directories.remove(new Eligible(RUN, Kind.BLOB, Digest.parse(blob), null, 1, "test", 0, List.of(), RUN));
        directories.remove(new Eligible(RUN, Kind.LAYER, Digest.parse(blob), "no/such", 1, "test", 0, List.of(), RUN));

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void nothingInARecordIsUsedAsAPath() throws IOException {
        Path empty = Files.createDirectories(
                registry.root().resolve("outside/_layers/sha256").resolve(RegistryOnDisk.hex(image)));

        for (String name : List.of("../../../../outside", "", "/outside", "team//app", "Team/App")) {
            directories.remove(new Eligible(RUN, Kind.LAYER, Digest.parse(image), name, 1, "test", 0, List.of(), RUN));
            directories.remove(manifest(name, "v1"));
        }

        assertThat(empty).exists();
    }

    @Test
    void aStorageThatDoesNotAnswerStopsNothing() throws IOException {
        Files.move(registry.base(), directory.resolve("unmounted"));

        directories.remove(manifest("team/app", "v1"));

        assertThat(directory.resolve("unmounted/repositories/team/app")).exists();
    }

    private Eligible manifest(String repository, String... history) {
        return new Eligible(RUN, Kind.MANIFEST, Digest.parse(image), repository, 0, "test", 0, List.of(history), RUN);
    }
}
