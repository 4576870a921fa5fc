package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.local.DataDirectory;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.cache.RegistryCache;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** A registry's storage, opened for its trash. */
final class TrashOfRegistry implements AutoCloseable {

    private final Storage storage;
    private final Optional<DataDirectory> lock;
    private final Optional<RegistryCache> cache;

    private TrashOfRegistry(Storage storage, Optional<DataDirectory> lock, Optional<RegistryCache> cache) {
        this.storage = storage;
        this.lock = lock;
        this.cache = cache;
    }

    /** Opens it to look at it. */
    static TrashOfRegistry open(Path target) {
        NamedRegistry registry = NamedRegistry.of(target, System.getenv());
        return new TrashOfRegistry(registry.open(), Optional.empty(), Optional.empty());
    }

    /**
     * Opens it to change it: no collection of this machine is under way, and none begins.
     *
     * @param dataDir as it was named for the runs, if it was
     */
    static TrashOfRegistry openAlone(Path target, Optional<Path> dataDir, Terminal terminal) {
        return openAlone(target, dataDir, terminal, registry -> new CacheSettings.None());
    }

    /** The same, to destroy what is in it: the registry's cache is told first. */
    static TrashOfRegistry openToEmpty(Path target, Optional<Path> dataDir, Terminal terminal) {
        return openAlone(target, dataDir, terminal, NamedRegistry::readableCache);
    }

    private static TrashOfRegistry openAlone(
            Path target, Optional<Path> dataDir, Terminal terminal, Function<NamedRegistry, CacheSettings> cacheOf) {
        NamedRegistry registry = NamedRegistry.of(target, System.getenv());
        registry.certain();
        CacheSettings settings = cacheOf.apply(registry);
        Storage storage = registry.open();
        Optional<RegistryCache> cache = RegistryCache.of(settings, Optional.empty(), storage);
        try {
            DataDirectory directory = DataDirectory.openForLock(dataDir, storage.identity(), System.getenv());
            terminal.logsTo(directory.log());
            return new TrashOfRegistry(storage, Optional.of(directory), cache);
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

    /** The registry's cache that can be told what is gone, of one that is opened to be emptied. */
    Optional<RegistryCache> cache() {
        return cache;
    }

    Trash trash() {
        return storage.trash()
                .orElseThrow(() -> new UsageException(storage.description() + ": this kind of storage has no trash"));
    }

    @Override
    public void close() {
        lock.ifPresent(DataDirectory::close);
        cache.ifPresent(RegistryCache::close);
        storage.close();
    }
}
