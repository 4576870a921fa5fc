package dev.tidemark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AzureStorageContractTest extends StorageContract {

    @RegisterExtension
    private static final SharedAzure SERVER = new SharedAzure();

    private String container;
    private AzureFiles files;

    @Override
    protected Path root() {
        container = "registry-" + UUID.randomUUID();
        files = new AzureFiles(SERVER.get(), container, "some/root/");
        return directory.resolve("root");
    }

    @Override
    protected Storage open() {
        return AzureStorage.open(AzureFiles.settings(SERVER.get(), container, "/some/root/"), false, new Calls());
    }

    @Override
    protected void store() {
        files.follow(registry);
    }

    @Override
    protected Map<String, String> stored() {
        return files.snapshot();
    }

    @Override
    protected long written(Path file) {
        return files.written(registry.root().relativize(file).toString());
    }

    @Test
    void twoRootsInOneContainerAreTwoStorages() {
        new AzureFiles(SERVER.get(), container, "other/root/").follow(registry);
        try (Storage here = open();
                Storage below = AzureStorage.open(
                        AzureFiles.settings(SERVER.get(), container, "other/root"), false, new Calls())) {
            assertThat(List.of(here.identity(), below.identity())).doesNotHaveDuplicates();
            assertThat(here.identity()).endsWith(" at " + SERVER.get().url());
        }
    }
}
