package dev.tidemark.enumerator;

import dev.tidemark.enumerator.known.KnownManifests;
import dev.tidemark.enumerator.known.KnownSubjects;
import dev.tidemark.enumerator.lead.Coordinator;
import dev.tidemark.enumerator.lead.Schedule;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.enumerator.read.PlannedStorage;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.kafka.worker.Lanes;
import dev.tidemark.kafka.worker.Work;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Storage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Enumerates the storage for every run that is requested, together with the other instances: each takes the items of
 * the partitions of {@code work} that it holds, and one of them leads.
 */
public final class EnumeratorService implements AutoCloseable {

    /** The service's name, and its group's after the prefix. */
    public static final String NAME = "enumerator";

    /** The partition whose holder leads. */
    private static final int LEADER = 0;

    private final Cluster cluster;
    private final Storage storage;
    private final Optional<String> untagged;
    private final DescriptorCache cache;
    private final KnownManifests known;
    private final RunPulls pulls;
    private final RunHolds holds;
    private final RunsBefore before;
    private final PlannedStorage planned;
    private final KnownSubjects subjects;
    private final Semaphore readers;
    private final EnumeratorMeter meter;
    private final Optional<Schedule> schedule;
    private final Duration stallTimeout;
    private final RunFollower runs;
    private final RunFailures failures;
    private final Lanes<WorkRecord> lanes;

    /**
     * @param untagged why manifests may be in use that no tag names, in words that follow the registry's name
     * @param cache where the registry remembers which blobs it has
     * @param stateDirectory where it keeps what earlier runs have seen: what manifests say, if to read them costs
     *     requests, and subjects, if a policy asks for them
     * @param retention how long that is kept of what no run sees any more
     * @param readers how many repositories and blob shards are read at once
     * @param schedule of the runs that are asked for by themselves, if any
     * @param stallTimeout how long nothing may move before a run is given up
     * @param onFailure told when the service has stopped because of an error
     */
    public EnumeratorService(
            Cluster cluster,
            Storage storage,
            Optional<String> untagged,
            DescriptorCache cache,
            Path stateDirectory,
            Duration retention,
            int readers,
            Optional<Schedule> schedule,
            Duration stallTimeout,
            EnumeratorMeter meter,
            Consumer<Throwable> onFailure) {
        this.cluster = cluster;
        this.storage = storage;
        this.untagged = untagged;
        this.cache = cache;
        known = new KnownManifests(cluster, stateDirectory, retention);
        pulls = new RunPulls(cluster);
        holds = new RunHolds(cluster);
        before = new RunsBefore(cluster);
        planned = new PlannedStorage(storage);
        subjects = new KnownSubjects(cluster, stateDirectory, retention);
        this.readers = new Semaphore(readers);
        this.meter = meter;
        this.schedule = schedule;
        this.stallTimeout = stallTimeout;
        runs = new RunFollower(cluster, onFailure);
        failures = new RunFailures(cluster.topics(), NAME);
        lanes = new Lanes<>(
                cluster,
                cluster.topics().work(),
                WorkRecord.class,
                NAME,
                (partition, committed) -> work(partition),
                runs,
                onFailure);
    }

    private Work<WorkRecord> work(int partition) {
        Optional<Coordinator> coordinator = partition == LEADER
                ? Optional.of(new Coordinator(
                        cluster,
                        storage,
                        untagged,
                        cache,
                        runs,
                        failures,
                        planned,
                        known,
                        subjects,
                        meter,
                        schedule,
                        stallTimeout))
                : Optional.empty();
        return new ItemWork(
                cluster,
                storage,
                runs,
                failures,
                planned,
                known,
                subjects,
                pulls,
                holds,
                before,
                readers,
                meter,
                coordinator);
    }

    public void start() {
        runs.start();
        lanes.start();
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
        lanes.close();
        known.close();
        subjects.close();
        runs.close();
    }
}
