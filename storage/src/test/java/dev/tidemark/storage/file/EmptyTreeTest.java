package dev.tidemark.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage.Inside;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories with nothing in them but directories. */
class EmptyTreeTest {

    private static final String APP = Layout.repository("app");

    @TempDir
    private Path directory;

    private RegistryOnDisk registry;

    @BeforeEach
    void aRegistry() {
        registry = RegistryOnDisk.at(directory.resolve("registry"));
        registry.repo("app/below").image("image");
        registry.directory(APP + "/_layers/sha256");
        registry.directory(APP + "/_manifests/tags/v1/index");
    }

    @Test
    void itsTimeIsThatOfTheLastDirectoryThatWasChanged() {
        registry.ageDirectories(Duration.ofDays(9));
        Path last = registry.base().resolve(APP + "/_manifests/tags/v1/index");
        RegistryOnDisk.age(last, Duration.ofDays(8));
        RegistryOnDisk.age(registry.repo("app/below").directory(), Duration.ofDays(1));
        RegistryOnDisk.age(registry.repo("app").directory(), Duration.ofDays(1));

        Inside found = inside(APP, Layout.OWN).orElseThrow();
        assertThat(found.isEmpty()).as("whatever is in a repository below it").isTrue();
        assertThat(found.below()).isEqualTo(last.toFile().lastModified());
        assertThat(found.last())
                .isEqualTo(found.changed())
                .isEqualTo(registry.repo("app").directory().toFile().lastModified());
        assertThat(inside(APP + "/_layers", List.of()))
                .hasValueSatisfying(layers -> assertThat(layers.last()).isLessThan(found.below()));
        assertThat(inside(APP, List.of()))
                .hasValueSatisfying(all -> assertThat(all.isEmpty()).isFalse());
    }

    @Test
    void aFileOrALinkAnywhereInItIsSomething() throws IOException {
        Path file = registry.base().resolve(APP + "/_manifests/tags/v1/index/file");
        RegistryOnDisk.write(file, new byte[0]);
        assertThat(inside(APP, Layout.OWN).map(Inside::other)).contains("_manifests/tags/v1/index/file");

        Files.delete(file);
        Files.createSymbolicLink(file, registry.base().resolve(APP + "/_layers"));
        assertThat(inside(APP, Layout.OWN).map(Inside::other)).contains("_manifests/tags/v1/index/file");
        assertThat(inside(APP + "/_manifests/tags/v1/index/file", List.of()).map(Inside::isEmpty))
                .as("nor is what a link leads to")
                .contains(false);

        Files.delete(file);
        RegistryOnDisk.write(registry.base().resolve(APP + "/stray"), new byte[0]);
        assertThat(inside(APP, Layout.OWN).map(Inside::other)).contains("stray");
    }

    @Test
    void aDirectoryThatIsGoneIsNothingUnlessTheStorageIsGone() {
        assertThat(inside(APP + "/_uploads", List.of())).isEmpty();

        try (var storage = FilesystemStorage.open(registry.root())) {
            RegistryOnDisk.remove(registry.root());
            assertThatExceptionOfType(StorageException.class).isThrownBy(() -> storage.inside(APP, Layout.OWN));
        }
    }

    @Test
    void withoutAnyOfTheNamesThereIsNothingToLookInto() {
        registry.directory("repositories/other/below");

        assertThat(inside("repositories/other", Layout.OWN)).isEmpty();
        assertThat(inside("repositories/other/below", List.of()).map(Inside::below))
                .contains(0L);
    }

    @Test
    void itGoesWithAllThatIsBelow() {
        assertThat(remove(APP + "/_manifests")).isTrue();

        assertThat(registry.base().resolve(APP + "/_manifests")).doesNotExist();
        assertThat(registry.base().resolve(APP + "/_layers")).exists();
        assertThat(remove(APP + "/_manifests")).as("again").isTrue();
    }

    @Test
    void aDirectoryThatIsNotEmptyStaysWithAllAboveIt() {
        Path file = registry.base().resolve(APP + "/_manifests/tags/v1/current/link");
        RegistryOnDisk.write(file, new byte[0]);

        assertThat(remove(APP + "/_manifests")).isFalse();

        assertThat(file).exists();
        assertThat(registry.base().resolve(APP + "/_manifests/tags/v1/index")).doesNotExist();
    }

    @Test
    void nothingGoesBehindALink() throws IOException {
        Path aside = registry.root().resolve("aside");
        Files.move(registry.base().resolve(APP + "/_manifests"), aside);
        Files.createSymbolicLink(registry.base().resolve(APP + "/_manifests"), aside);

        assertThatExceptionOfType(ForbiddenException.class).isThrownBy(() -> remove(APP + "/_manifests/tags"));

        assertThat(aside.resolve("tags/v1/index")).exists();
    }

    private Optional<Inside> inside(String path, List<String> names) {
        try (var storage = FilesystemStorage.open(registry.root())) {
            return storage.inside(path, names);
        }
    }

    private boolean remove(String path) {
        try (var storage = FilesystemStorage.open(registry.root())) {
            return storage.removeEmpty(path);
        }
    }
}
