package dev.tidemark.sweeper.delete;

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
    void theRemainsOfACutOffTryAreTidiedUpAndNothingElse() throws IOException {
        String later = app.image("later");
        String layer = app.layer("layer");
        String orphan = registry.blob("orphan");
        List<Eligible> all = List.of(manifest("team/app", "v1"), layer("team/app", layer), blob(orphan));
        Map<String, String> before = registry.snapshot();
        all.forEach(directories::remove);
        assertThat(registry.snapshot()).as("what is there stays").isEqualTo(before);

        Files.delete(registry.data(orphan));
        Files.delete(app.revision(image));
        Files.delete(app.layerPath(layer));
        all.forEach(directories::remove);

        assertThat(registry.blobDirectory(orphan)).doesNotExist();
        assertThat(app.revision(image).getParent()).doesNotExist();
        assertThat(app.layerPath(layer).getParent()).doesNotExist();
        assertThat(app.history("v1", image)).exists();
        assertThat(app.revision(later)).exists();
        directories.remove(manifest("../..", "v1"));
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
    void anEmptyDirectoryIsRemovedUpToTheRepositoryAndNotTheRepository() throws IOException {
        RegistryOnDisk.remove(app.directory().resolve("_manifests/tags"));
        Files.delete(app.revision(image));

        directories.remove(manifest("team/app"));

        assertThat(app.directory().resolve("_manifests")).doesNotExist();
        assertThat(app.directory().resolve("_layers")).exists();
    }

    @Test
    void aDirectoryThatIsTidiedUpAlreadyIsNoTrouble() {
        String blob = registry.blob("blob");
        RegistryOnDisk.remove(registry.blobDirectory(blob).getParent());
        Map<String, String> before = registry.snapshot();

        directories.remove(blob(blob));
        directories.remove(layer("no/such", blob));

        assertThat(registry.snapshot()).isEqualTo(before);
    }

    @Test
    void nothingInARecordIsUsedAsAPath() throws IOException {
        Path empty = Files.createDirectories(
                registry.root().resolve("outside/_layers/sha256").resolve(RegistryOnDisk.hex(image)));

        for (String name : List.of("../../../../outside", "", "/outside", "team//app", "Team/App")) {
            directories.remove(layer(name, image));
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
        return new Eligible(
                RUN, Kind.MANIFEST, Digest.parse(image), repository, null, 0, "test", 0, List.of(history), RUN);
    }

    private static Eligible layer(String repository, String digest) {
        return new Eligible(RUN, Kind.LAYER, Digest.parse(digest), repository, null, 0, "test", 0, List.of(), RUN);
    }

    private static Eligible blob(String digest) {
        return new Eligible(RUN, Kind.BLOB, Digest.parse(digest), null, null, 1, "test", 0, List.of(), RUN);
    }
}
