package dev.tidemark.sweeper.cache;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.config.CacheSettings;
import java.util.List;
import java.util.Optional;

/** The cache, or the caches, in which the replicas of a registry remember which blobs and links they have. */
public interface RegistryCache extends AutoCloseable {

    /**
     * The cache that a registry is configured with; empty if it has none, or none that can be reached from outside.
     *
     * @param replicas of a registry that remembers in memory, if they are named
     */
    static Optional<RegistryCache> of(CacheSettings settings, Optional<Replicas> replicas, Storage storage) {
        return replicas.<RegistryCache>map(named -> new ReplicaMemory(named, storage))
                .or(() -> settings instanceof CacheSettings.Redis redis
                        ? Optional.of(new RedisCache(redis))
                        : Optional.empty());
    }

    /**
     * Asks whether entries can be removed.
     *
     * @throws CacheException if they can't
     */
    void check();

    /**
     * Removes the entries of blobs, layer links and revisions. The registry looks at its storage when it is next asked
     * for one: to forget what is still there costs a look, and no more.
     *
     * @throws CacheException if some may be left
     */
    void forget(List<Eligible> gone);

    /**
     * Whether the registry may remember a blob that is about to go, and nothing makes it forget: the blob then stays.
     *
     * @param linked whether something has linked it until this run
     * @throws dev.tidemark.storage.StorageException if the blob can't be read
     */
    default boolean remembers(Eligible blob, boolean linked) {
        return false;
    }

    /** The remedy if some entries may be left, as the end of a sentence. */
    String remedy();

    @Override
    void close();
}
