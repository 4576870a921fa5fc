package dev.tidemark.storage.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageContract;
import dev.tidemark.testkit.AzureServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzureStorageContractTest extends StorageContract {

    @TempDir
    private static Path log;

    private static AzureServer server;

    private String container;
    private AzureFiles files;

    @BeforeAll
    static void start() {
        assumeTrue(AzureServer.installed(), "azurite-blob is not installed: skipped");
        server = AzureServer.start(log);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Path root() {
        container = "registry-" + UUID.randomUUID();
        files = new AzureFiles(server, container, "some/root/");
        return directory.resolve("root");
    }

    @Override
    protected Storage open() {
        return AzureStorage.open(AzureFiles.settings(server, container, "/some/root/"), false, new Calls());
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
        new AzureFiles(server, container, "other/root/").follow(registry);
        try (Storage here = open();
                Storage below =
                        AzureStorage.open(AzureFiles.settings(server, container, "other/root"), false, new Calls())) {
            assertThat(List.of(here.identity(), below.identity())).doesNotHaveDuplicates();
            assertThat(here.identity()).endsWith(" at " + server.url());
        }
    }
}
