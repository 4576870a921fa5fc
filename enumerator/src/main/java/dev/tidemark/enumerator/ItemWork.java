package dev.tidemark.enumerator;

import dev.tidemark.enumerator.known.KnownDangling;
import dev.tidemark.enumerator.known.KnownManifests;
import dev.tidemark.enumerator.known.KnownSubjects;
import dev.tidemark.enumerator.lead.Coordinator;
import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.publish.EnumerationPublisher;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.enumerator.publish.ItemPublisher;
import dev.tidemark.enumerator.publish.SynchronizedLane;
import dev.tidemark.enumerator.read.PlannedStorage;
import dev.tidemark.enumerator.read.SubjectSource;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.kafka.worker.Work;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkRecord;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes the items of one partition of {@code work}. An item's records, and the record that it is done, are
 * committed together, so an item that is begun twice counts once.
 */
final class ItemWork implements Work<WorkRecord> {

    private static final Duration LOOK_FOR_STOP = Duration.ofMillis(50);

    private final Cluster cluster;
    private final Storage storage;
    private final RunFollower runs;
    private final RunFailures failures;
    private final PlannedStorage planned;
    private final KnownManifests known;
    private final KnownSubjects subjects;
    private final RunPulls pulls;
    private final RunHolds holds;
    private final RunsBefore before;
    private final Semaphore readers;
    private final EnumeratorMeter meter;
    private final Optional<Coordinator> coordinator;
    private final BatchSize batch = new BatchSize();
    private RunRecord.Requested retained;
    private RunPolicy runPolicy;

    /**
     * @param failures of the service: they end a run
     * @param planned the storage here, held against that of the plan
     * @param known the manifests that earlier runs have read
     * @param subjects that earlier runs have seen
     * @param pulls the last ones
     * @param holds of digests, wherever they are
     * @param before the runs before those at hand
     * @param readers how many items may be read at once in this process; those of a bucket that are read together count
     *     as one
     * @param coordinator of the run, on the one partition that has it
     */
    ItemWork(
            Cluster cluster,
            Storage storage,
            RunFollower runs,
            RunFailures failures,
            PlannedStorage planned,
            KnownManifests known,
            KnownSubjects subjects,
            RunPulls pulls,
            RunHolds holds,
            RunsBefore before,
            Semaphore readers,
            EnumeratorMeter meter,
            Optional<Coordinator> coordinator) {
        this.cluster = cluster;
        this.storage = storage;
        this.runs = runs;
        this.failures = failures;
        this.planned = planned;
        this.known = known;
        this.subjects = subjects;
        this.pulls = pulls;
        this.holds = holds;
        this.before = before;
        this.readers = readers;
        this.meter = meter;
        this.coordinator = coordinator;
    }

    @Override
    public boolean joins(List<ConsumerRecord<String, WorkRecord>> before, WorkRecord next) {
        return batch.joins(before.size(), before.getLast().value(), next);
    }

    @Override
    public void on(ConsumerRecord<String, WorkRecord> record, Lane lane) throws InterruptedException {
        on(List.of(record), lane);
    }

    @Override
    public void on(List<ConsumerRecord<String, WorkRecord>> records, Lane lane) throws InterruptedException {
        RunId id = records.getFirst().value().run();
        Run run = runs.await(latest -> latest.id().compareTo(id) >= 0, lane::stopped)
                .orElseThrow(LaneStoppedException::new);
        if (!run.id().equals(id) || run.state() != Run.State.REQUESTED) {
            return;
        }
        while (!readers.tryAcquire(LOOK_FOR_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            lane.requireGoing();
        }
        try {
            var shared = new SynchronizedLane(lane);
            Parallel.forEach(records, records.size(), record -> read(record.value(), run, shared));
            batch.done();
        } finally {
            readers.release();
        }
    }

    private void read(WorkRecord item, Run run, Lane lane) {
        var publisher = new EnumerationPublisher(cluster.topics(), run.id(), lane, meter);
        try {
            if (item.witness() != null) {
                planned.require(run.id(), item.witness());
            }
            boolean history = run.requested().deletesManifests();
            KnownManifests.Reading manifests = known.reading(storage, run.id());
            RunPolicy policy = runPolicy(run.requested()).with(pulls(item), holds(item, run.requested(), lane));
            SubjectSource subjectsHere = item instanceof WorkRecord.Repository repository
                    ? subjects.reading(storage, run.id(), policy, repository.name())
                    : SubjectSource.NONE;
            KnownDangling dangling = subjects.dangling(run.requested(), () -> before.of(run.id()));
            WorkDoneRecord.Done done = new ItemPublisher(
                            storage,
                            manifests,
                            subjectsHere,
                            history,
                            run.requested().options(),
                            dangling,
                            policy,
                            publisher)
                    .publish(item);
            manifests.updates().forEach(publisher::known);
            subjectsHere.updates().forEach(publisher::subject);
            dangling.updates().forEach(publisher::subject);
            publisher.workDone(done);
            batch.read(done, storage.parallelism());
            meter.itemDone();
        } catch (LaneStoppedException | KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            failures.send(lane::send, run.id(), e);
        }
    }

    private LastPulls pulls(WorkRecord item) {
        return item instanceof WorkRecord.Repository repository
                ? pulls.of(item.run(), repository.pullsSince())
                : LastPulls.NONE;
    }

    private Map<Digest, Hold> holds(WorkRecord item, RunRecord.Requested request, Lane lane) {
        return item instanceof WorkRecord.Repository repository && repository.heldAnywhere() != null
                ? holds.of(request, repository.heldAnywhere(), lane::requireGoing)
                : Map.of();
    }

    /** The policy is read once a run. */
    private synchronized RunPolicy runPolicy(RunRecord.Requested request) {
        if (!request.equals(retained)) {
            retained = request;
            runPolicy = RunPolicy.of(request);
        }
        return runPolicy;
    }

    @Override
    public void between(Lane lane) {
        coordinator.ifPresent(leader -> leader.tick(lane));
    }

    @Override
    public void givenUp(ConsumerRecord<String, WorkRecord> record, RuntimeException why, Lane lane) {
        failures.send(lane::send, record.value().run(), why);
    }

    @Override
    public void close() {
        coordinator.ifPresent(Coordinator::close);
    }
}
