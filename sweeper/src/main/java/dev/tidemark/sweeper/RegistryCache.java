package dev.tidemark.sweeper;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.storage.config.CacheSettings;
import java.util.List;
import java.util.Optional;

/** The cache in which all replicas of a registry remember which blobs and links they have. */
public interface RegistryCache extends AutoCloseable {

    /** The cache that a registry is configured with; empty if it has none, or none that can be reached from outside. */
    static Optional<RegistryCache> of(CacheSettings settings) {
        return settings instanceof CacheSettings.Redis redis ? Optional.of(new RedisCache(redis)) : Optional.empty();
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

    @Override
    void close();
}
