package dev.tidemark.sweeper.cache;

import dev.tidemark.schemas.EligibleRecord.Eligible;
import java.util.List;

/**
 * A registry's cache of which is counted how often it could not be told what is gone.
 *
 * @param failed called each time
 */
public record CountedCache(RegistryCache cache, Runnable failed) implements RegistryCache {

    @Override
    public void check() {
        cache.check();
    }

    @Override
    public void forget(List<Eligible> gone) {
        try {
            cache.forget(gone);
        } catch (CacheException e) {
            failed.run();
            throw e;
        }
    }

    @Override
    public boolean remembers(Eligible blob, boolean linked) {
        return cache.remembers(blob, linked);
    }

    @Override
    public String remedy() {
        return cache.remedy();
    }

    @Override
    public void close() {
        cache.close();
    }
}
