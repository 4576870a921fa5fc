package dev.tidemark.storage.azure;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.testkit.AzureServer;
import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * A server that all tests of a process share, each with a container of its own: it takes seconds to start. After each
 * test it is sound again.
 */
final class SharedAzure implements BeforeAllCallback, AfterEachCallback {

    private AzureServer server;

    @Override
    public void beforeAll(ExtensionContext context) {
        assumeTrue(AzureServer.installed(), "azurite-blob is not installed: skipped");
        server = context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(SharedAzure.class))
                .getOrComputeIfAbsent(Running.class, key -> Running.start(), Running.class)
                .server();
    }

    AzureServer get() {
        return server;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        server.faults(request -> Optional.empty());
    }

    /** Closed at the end of the process's tests. */
    private record Running(AzureServer server, Path log) implements AutoCloseable {

        static Running start() {
            try {
                Path log = Files.createTempDirectory("azurite");
                return new Running(AzureServer.start(log), log);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            server.close();
            RegistryOnDisk.remove(log);
        }
    }
}
