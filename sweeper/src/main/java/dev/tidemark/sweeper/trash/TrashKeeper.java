package dev.tidemark.sweeper.trash;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Trash;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.look.Nominee;
import dev.tidemark.sweeper.look.StoppedException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Looks after a registry's trash: restores what is needed again, and purges what is due. */
public final class TrashKeeper implements AutoCloseable {

    private final Trash trash;
    private final TrashJournal journal;
    private final TrashLooks looks;

    private TrashKeeper(
            Storage storage, Trash trash, Duration settle, Optional<RegistryCache> cache, TrashJournal journal) {
        this.trash = trash;
        this.journal = journal;
        looks = new TrashLooks(storage, trash, settle, journal, new CachePurge(cache));
    }

    /**
     * A keeper that records what becomes of each file in the topic {@code trash}.
     *
     * @param settle how long a file has been in the trash when the look begins that must have found no need of it
     * @param cache of the registry, which is told of a file before the file is purged; it stays open
     */
    public static TrashKeeper recording(
            Cluster cluster, Storage storage, Trash trash, Duration settle, Optional<RegistryCache> cache) {
        return new TrashKeeper(storage, trash, settle, cache, new TrashRecords(cluster));
    }

    /** A keeper that needs no Kafka: what becomes of each file is recorded later. */
    public static TrashKeeper recordingLater(
            Storage storage, Trash trash, Duration settle, Optional<RegistryCache> cache, DeferredRecords records) {
        return new TrashKeeper(storage, trash, settle, cache, records);
    }

    /**
     * The sweep of a run has come to its end, and has told the registry's cache of all that it has taken. Else the next
     * look does, and purges nothing of it before the settling time is over once more.
     */
    public void toldBySweep(RunId run) {
        looks.toldBySweep(run);
    }

    /**
     * Tells the registry's cache of what is in the trash, where a sweep that was cut off may not have done so.
     *
     * @throws CacheException if it can't be told
     */
    public void forget() {
        looks.forget(trash.runs());
    }

    /** How long after a sweep the look begins that may find it due: the settling time, as the storage counts it. */
    public Duration settled(Duration settle) {
        return settle.plus(trash.rounding());
    }

    /** Whether a run has anything in the trash. */
    public boolean holds(RunId run) {
        return trash.runs().contains(run);
    }

    /** Bytes that are free where the trash is; empty where there is no such bound. */
    OptionalLong room() {
        return trash.room();
    }

    /** Whether there is nothing in the trash. */
    public boolean empty() {
        return trash.runs().isEmpty();
    }

    /**
     * Looks once: restores what a young link leads to, and then purges what is due. Nothing is purged if the look is
     * not whole.
     *
     * @param latest the latest run, if it is known
     * @param goOn whether to go on; asked before each file is destroyed
     * @return empty if it was told to stop
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     * @throws CacheException if the registry's cache can't be told what is in the trash
     */
    public Optional<TrashReport> look(Optional<Run> latest, BooleanSupplier goOn) {
        return look(latest, (run, keep) -> keep, goOn);
    }

    /**
     * Looks once in the same way, and purges files of some runs before their time.
     *
     * @param runs whose files are purged
     * @param olderThan how long a file has been in the trash at least
     */
    public Optional<TrashReport> empty(Predicate<RunId> runs, Duration olderThan, BooleanSupplier goOn) {
        return look(Optional.empty(), (run, keep) -> runs.test(run) ? olderThan : keep, goOn);
    }

    /**
     * Restores what the young links of these digests lead to.
     *
     * @return the files that were restored; empty if it was told to stop
     * @throws dev.tidemark.storage.StorageException if the storage does not answer
     */
    Optional<Tally> heal(Optional<Run> latest, Collection<Nominee> nominees, BooleanSupplier goOn) {
        try {
            return Optional.of(looks.heal(latest.map(Run::requested), nominees, goOn));
        } catch (StoppedException e) {
            return Optional.empty();
        }
    }

    private Optional<TrashReport> look(
            Optional<Run> latest, BiFunction<RunId, Duration, Duration> keep, BooleanSupplier goOn) {
        try {
            return Optional.of(looks.look(latest.map(Run::requested), keep, goOn));
        } catch (StoppedException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        journal.close();
    }
}
