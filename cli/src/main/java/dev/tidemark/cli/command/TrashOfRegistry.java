package dev.tidemark.cli.command;

import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import java.nio.file.Path;
import java.util.Optional;

/** A registry's storage, opened for its trash. */
final class TrashOfRegistry implements AutoCloseable {

    private final Storage storage;
    private final Optional<DataDirectory> lock;

    private TrashOfRegistry(Storage storage, Optional<DataDirectory> lock) {
        this.storage = storage;
        this.lock = lock;
    }

    /** Opens it to look at it. */
    static TrashOfRegistry open(Path target) {
        NamedRegistry registry = NamedRegistry.of(target, System.getenv());
        return new TrashOfRegistry(registry.open(), Optional.empty());
    }

    /**
     * Opens it to change it: no collection of this machine is under way, and none begins.
     *
     * @param dataDir as it was named for the runs, if it was
     */
    static TrashOfRegistry openAlone(Path target, Optional<Path> dataDir, Terminal terminal) {
        NamedRegistry registry = NamedRegistry.of(target, System.getenv());
        registry.certain();
        Storage storage = registry.open();
        try {
            DataDirectory directory = DataDirectory.openForLock(dataDir, storage.description(), System.getenv());
            terminal.logsTo(directory.log());
            return new TrashOfRegistry(storage, Optional.of(directory));
        } catch (RuntimeException e) {
            storage.close();
            throw e;
        }
    }

    Storage storage() {
        return storage;
    }

    /** The data directory of its runs, of one that is opened to change it. */
    DataDirectory directory() {
        return lock.orElseThrow();
    }

    Trash trash() {
        return storage.trash().orElseThrow();
    }

    @Override
    public void close() {
        lock.ifPresent(DataDirectory::close);
        storage.close();
    }
}
