package dev.tidemark.service.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.service.settings.InvalidSettingsException;
import dev.tidemark.storage.Storage;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedRegistryTest {

    @TempDir
    private Path directory;

    @Test
    void aDoubtOfTheConfigurationIsRefusedWhereAnythingIsDeleted() throws IOException {
        Path root = RegistryOnDisk.at(directory.resolve("registry")).root();
        Path config = Files.writeString(
                directory.resolve("config.yml"),
                "version: 0.1\nstorage: {filesystem: {rootdirectory: " + root + "}}\n");
        Map<String, String> misspelt = Map.of("REGISTRY_STORGE_FILESYSTEM_ROOTDIRECTORY", "/elsewhere");

        NamedRegistry target = NamedRegistry.of(config, misspelt);

        assertThat(target.doubt())
                .hasValueSatisfying(doubt -> assertThat(doubt).contains("did you mean", root.toString()));
        assertThatThrownBy(target::certain)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("did you mean");
        try (Storage storage = target.open()) {
            assertThat(storage.description()).isEqualTo(root.toString());
        }
        assertThat(NamedRegistry.of(config, Map.of()).certain().doubt()).isEmpty();
        assertThat(NamedRegistry.of(root, misspelt).certain().doubt()).isEmpty();
    }

    @Test
    void aPathThatIsNotConfiguredIsCalledTheRegistrysDefault() throws IOException {
        Path config = Files.writeString(directory.resolve("config.yml"), "version: 0.1\nstorage: filesystem\n");
        NamedRegistry target = NamedRegistry.of(config, Map.of());

        // Where there happens to be a registry it is that one, as it is the registry's own.
        assertThat(target.settings()).hasToString("Filesystem[rootDirectory=/var/lib/registry, byDefault=true]");
        if (!Files.exists(Path.of("/var/lib/registry"))) {
            assertThatThrownBy(target::open)
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageStartingWith(config
                            + " names no storage.filesystem.rootdirectory, so it is the registry's "
                            + "default: /var/lib/registry does not exist");
        }
    }

    @Test
    void aRegistryThatNobodyHasPushedToIsEmptyIfItsConfigurationNamesIt() throws IOException {
        Path root = Files.createDirectories(directory.resolve("registry"));
        NamedRegistry configured = NamedRegistry.of(config(root, ""), Map.of());
        NamedRegistry bare = NamedRegistry.of(root, Map.of());

        try (Storage storage = configured.openToCollect(true)) {
            assertThat(storage.description()).isEqualTo(root.toString());
            assertThat(storage.children("repositories")).isEmpty();
            assertThat(storage.children("blobs")).isEmpty();
        }
        assertRefused(() -> bare.openToCollect(false), "is not the storage root of a registry");
        assertRefused(bare::open, "is not the storage root of a registry");

        Files.createDirectories(root.resolve("docker"));
        assertRefused(() -> configured.openToCollect(false), "is not the storage root of a registry");
        Files.delete(root.resolve("docker"));
        Files.delete(root);
        assertRefused(() -> configured.openToCollect(false), "does not exist");
    }

    @Test
    void aStorageWhoseMetadataIsInADatabaseIsRefusedWhateverNamesIt() throws IOException {
        Path root = RegistryOnDisk.at(directory.resolve("registry")).root();
        RegistryOnDisk.write(root.resolve("docker/registry/lockfiles/database-in-use"), new byte[] {1});

        for (Path named : List.of(root, config(root, ""), config(root, "database: {enabled: false}\n"))) {
            NamedRegistry target = NamedRegistry.of(named, Map.of()).collectable(Set.of(), "");
            assertRefused(() -> target.openToCollect(false), "database-in-use is there");
            target.open().close();
        }
    }

    @Test
    void aSectionBesideTheStorageMayRefuseTheRegistry() throws IOException {
        Path root = RegistryOnDisk.at(directory.resolve("registry")).root();

        NamedRegistry database = NamedRegistry.of(config(root, "database: {enabled: prefer}\n"), Map.of());
        assertRefused(() -> database.collectable(Set.of(), ""), "config.yml: database.enabled is prefer");
        NamedRegistry own = NamedRegistry.of(config(root, "middleware: {registry: [{name: own}]}\n"), Map.of());
        assertRefused(() -> own.collectable(Set.of(), "TRUST="), "TRUST=own");
        assertThat(own.collectable(Set.of("own"), "TRUST=")).isSameAs(own);
        NamedRegistry cache = NamedRegistry.of(config(root, "proxy: {remoteurl: 'https://a'}\n"), Map.of());
        assertThat(cache.collectable(Set.of(), "")).isSameAs(cache);
        assertRefused(cache::requireUntaggedUnused, "config.yml is a pull-through cache");
        NamedRegistry.of(root, Map.of()).collectable(Set.of(), "").requireUntaggedUnused();
    }

    private Path config(Path root, String more) throws IOException {
        return Files.writeString(
                directory.resolve("config.yml"),
                "version: 0.1\nstorage: {filesystem: {rootdirectory: " + root + "}}\n" + more);
    }

    private static void assertRefused(ThrowingCallable call, String why) {
        assertThatThrownBy(call)
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("\n");
    }
}
