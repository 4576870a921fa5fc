package dev.tidemark.storage.gcs;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageContract;
import dev.tidemark.storage.config.StorageSettings;
import dev.tidemark.testkit.gcs.GcsServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

class GcsStorageContractTest extends StorageContract {

    private GcsServer server;

    @Override
    protected Path root() {
        server = GcsServer.on(directory);
        return server.bucket("registry").resolve("some/root");
    }

    @Override
    protected Storage open() {
        return GcsStorage.open(settings(server, "/some/root/"), false, new Calls());
    }

    /** Of the bucket {@code registry}. */
    static StorageSettings.Gcs settings(GcsServer server, String root) {
        return new StorageSettings.Gcs("registry", root, null, server.serviceAccount(), server.endpoint(), null);
    }

    @AfterEach
    void stop() {
        server.close();
    }
}
