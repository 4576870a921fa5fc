package dev.tidemark.sweeper.cache;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.layout.ManifestLink;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Takes what a sweep deletes out of the registry's cache, and once more some seconds later: a registry that looked at a
 * file just before it was gone may have written its entry just after the entry was removed.
 */
public final class CachePurge {

    private static final long LATER = Duration.ofSeconds(5).toNanos();

    private final Optional<RegistryCache> cache;
    private final LongSupplier clock;
    private final Deque<Again> again = new ArrayDeque<>();

    /**
     * Entries that are to be removed once more.
     *
     * @param at when, by the clock
     */
    private record Again(long at, List<Eligible> gone) {}

    /** @param cache empty if the registry has none that can be reached */
    public CachePurge(Optional<RegistryCache> cache) {
        this(cache, System::nanoTime);
    }

    public CachePurge(Optional<RegistryCache> cache, LongSupplier clock) {
        this.cache = cache;
        this.clock = clock;
    }

    /** Whether there is no cache that could be told. */
    public boolean none() {
        return cache.isEmpty();
    }

    /** {@link RegistryCache#check}; of no cache there is nothing to ask. */
    public void check() {
        cache.ifPresent(RegistryCache::check);
    }

    /**
     * Removes the entries of what is gone, or is about to be said so, and again what is due for it.
     *
     * @throws CacheException if some may be left
     */
    public void forget(List<Eligible> gone) {
        if (cache.isEmpty()) {
            return;
        }
        while (!again.isEmpty() && again.getFirst().at() - clock.getAsLong() <= 0) {
            remove(again.removeFirst().gone());
        }
        List<Eligible> entries = gone.stream().flatMap(CachePurge::entries).toList();
        if (!entries.isEmpty()) {
            remove(entries);
            again.addLast(new Again(clock.getAsLong() + LATER, entries));
        }
    }

    /**
     * No cache remembers a tag or a leftover. But one may remember the manifest that a dangling revision names, and its
     * blob: a registry would not write that when it is pushed again.
     */
    private static Stream<Eligible> entries(Eligible gone) {
        return switch (gone.kind()) {
            case MANIFEST, LAYER, BLOB -> Stream.of(gone);
            case LINK ->
                ManifestLink.of(gone.path()).filter(ManifestLink::isRevision).map(ManifestLink::digest).stream()
                        .flatMap(digest -> manifest(gone, digest));
            case TAG, UPLOAD, MULTIPART, DIRECTORY, REPOSITORY -> Stream.empty();
        };
    }

    private static Stream<Eligible> manifest(Eligible gone, Digest digest) {
        return Stream.of(entry(gone, Kind.MANIFEST, digest, gone.repository()), entry(gone, Kind.BLOB, digest, null));
    }

    private static Eligible entry(Eligible link, Kind kind, Digest digest, String repository) {
        return new Eligible(
                link.run(), kind, digest, repository, null, 0, link.reason(), link.modified(), List.of(), null);
    }

    /**
     * Waits until all entries have been removed twice.
     *
     * @throws CacheException if some may be left
     */
    public void finish() throws InterruptedException {
        while (!again.isEmpty()) {
            long wait = again.getFirst().at() - clock.getAsLong();
            if (wait > 0) {
                Thread.sleep(Duration.ofNanos(wait));
            }
            remove(again.removeFirst().gone());
        }
    }

    /** {@link RegistryCache#remembers}; no registry without such a cache does. */
    public boolean remembers(Eligible blob, boolean linked) {
        return cache.isPresent() && cache.get().remembers(blob, linked);
    }

    private void remove(List<Eligible> gone) {
        RegistryCache told = cache.orElseThrow();
        try {
            told.forget(gone);
        } catch (CacheException e) {
            throw new CacheException(
                    e.getMessage()
                            + " (cache: stale; what was deleted is recorded, and the registry may still say that "
                            + "it has it: " + told.remedy() + ")",
                    e);
        }
    }
}
