package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.kafka.topic.HoldTopic;
import dev.tidemark.kafka.worker.ClockReading;
import dev.tidemark.kafka.worker.Lanes;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.Holds;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.look.RecordedPulls;
import dev.tidemark.sweeper.look.RecordedReferrers;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.permission.EligibleBlobs;
import dev.tidemark.sweeper.permission.EnumeratedStorage;
import dev.tidemark.sweeper.permission.ReadAhead;
import dev.tidemark.sweeper.permission.Runs;
import dev.tidemark.sweeper.trash.PushEvents;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.sweeper.trash.TrashWatch;
import dev.tidemark.sweeper.verify.Verification;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps every run that may be swept, together with the other instances: each takes the partitions of {@code eligible}
 * that it holds. A run that the circuit breaker stops is held.
 */
public final class SweeperService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SweeperService.class);

    /** The service's name, and its group's after the prefix. */
    public static final String NAME = "sweeper";

    /** The partition whose holder looks after the trash. */
    private static final int FIRST = 0;

    private final RunFollower runs;
    private final Lanes<EligibleRecord> lanes;
    private final Optional<TrashWatch> watch;
    private final Optional<RegistryCache> cache;

    /**
     * @param retention how long the trash keeps what is swept, where the storage has one
     * @param cache of the registry, which is told what is gone; empty if it has none that can be reached
     * @param watching whether this service looks after the trash, too
     * @param onFailure told when the service has stopped because of an error
     */
    public SweeperService(
            Cluster cluster,
            Storage storage,
            TrashRetention retention,
            Optional<RegistryCache> cache,
            boolean watching,
            SweeperMeter meter,
            Consumer<Throwable> onFailure) {
        var look = new SharedLook(
                storage,
                run -> {
                    cache.ifPresent(RegistryCache::check);
                    // Only asked when it is needed: a storage may not be there yet.
                    retention
                            .trash(storage)
                            .ifPresentOrElse(
                                    place ->
                                            place.prepare(run, retention.least().orElseThrow()),
                                    () -> LOG.info(
                                            "{} what is swept is deleted at once: "
                                                    + "there is no trash, or none is asked for",
                                            run));
                },
                () -> held(cluster),
                new RecordedPulls(cluster),
                new RecordedReferrers(cluster),
                ClockReading::now);
        var enumerated = new EnumeratedStorage(storage, new EligibleBlobs(cluster));
        var proof = new ReadAhead(cluster);
        this.cache = cache;
        runs = new RunFollower(cluster, onFailure);
        lanes = new Lanes<>(
                cluster,
                cluster.topics().eligible(),
                EligibleRecord.class,
                NAME,
                (partition, committed) -> new EligibleWork(
                        cluster,
                        Runs.of(runs),
                        storage,
                        enumerated,
                        retention,
                        look,
                        new CachePurge(cache),
                        proof,
                        meter,
                        committed.map(OffsetAndMetadata::metadata).orElse("")),
                runs,
                onFailure);
        watch = watching
                ? Optional.of(new TrashWatch(
                        () -> runs.known() ? runs.latest() : Optional.empty(),
                        () -> lanes.partitions().contains(FIRST),
                        // Files that an earlier sweep has put there are looked after, too.
                        () -> storage.trash()
                                .map(place ->
                                        TrashKeeper.recording(cluster, storage, place, retention.settle(), cache)),
                        () -> new PushEvents(cluster),
                        meter.trash(),
                        new Verification(cluster, storage)::verify))
                : Optional.empty();
    }

    private static Holds held(Cluster cluster) {
        long now = System.currentTimeMillis();
        try {
            return new Holds(new HoldTopic(cluster)
                    .read().stream().filter(hold -> !hold.over(now)).toList());
        } catch (IllegalStateException e) {
            throw StorageException.settled(e.getMessage(), e);
        }
    }

    public void start() {
        runs.start();
        lanes.start();
        watch.ifPresent(TrashWatch::start);
    }

    /** Whether it has its share of the work, or knows that there is none for it. */
    public boolean ready() {
        return lanes.ready();
    }

    /** The runs, as far as this instance knows. */
    public RunFollower runs() {
        return runs;
    }

    @Override
    public void close() {
        watch.ifPresent(TrashWatch::close);
        lanes.close();
        runs.close();
        cache.ifPresent(RegistryCache::close);
    }
}
