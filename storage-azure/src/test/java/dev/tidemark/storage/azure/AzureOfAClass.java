package dev.tidemark.storage.azure;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.AzureServer;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server that all tests of a class share: it takes seconds to start. After each test it is sound again. */
final class AzureOfAClass implements BeforeAllCallback, AfterEachCallback, AfterAllCallback {

    private Path log;
    private AzureServer server;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        assumeTrue(AzureServer.installed(), "azurite-blob is not installed: skipped");
        log = Files.createTempDirectory("azurite");
        server = AzureServer.start(log);
    }

    AzureServer get() {
        return server;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        server.faults(request -> Optional.empty());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (server != null) {
            server.close();
            RegistryOnDisk.remove(log);
        }
    }
}
