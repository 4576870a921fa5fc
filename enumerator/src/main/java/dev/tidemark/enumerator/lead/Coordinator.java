package dev.tidemark.enumerator.lead;

import dev.tidemark.enumerator.known.KnownManifests;
import dev.tidemark.enumerator.known.KnownSubjects;
import dev.tidemark.enumerator.pin.RunPolicy;
import dev.tidemark.enumerator.publish.EnumerationPublisher;
import dev.tidemark.enumerator.publish.EnumeratorMeter;
import dev.tidemark.enumerator.read.PlannedStorage;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.kafka.topic.HoldTopic;
import dev.tidemark.kafka.topic.PullTopics;
import dev.tidemark.kafka.topic.TopicLog;
import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.storage.Storage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a run's enumeration: splits it into items, and ends it when all are done. It lives with one partition of
 * {@code work}, so there is one at a time; another that takes over reads in {@code work.done} how far the last one
 * came.
 */
public final class Coordinator {

    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final int ROUNDS = 2;
    private static final Duration EVERY = Duration.ofMillis(25);
    private static final int FORGOTTEN_TOGETHER = 1000;

    private final Cluster cluster;
    private final Storage storage;
    private final DescriptorCache cache;
    private final RunFollower runs;
    private final PlannedStorage planned;
    private final KnownManifests known;
    private final KnownSubjects subjects;
    private final RunFailures failures;
    private final EnumeratorMeter meter;
    private final WorkLedger ledger = new WorkLedger();
    private final TopicLog<WorkDoneRecord> log;
    private final Collectable collectable;
    private final DueRuns dueRuns;
    private final StallWatch stalls;
    private Optional<RunId> ended = Optional.empty();
    private String unreadable;
    private long last = System.nanoTime() - EVERY.toNanos();

    /**
     * @param untagged why manifests may be in use that no tag names, in words that follow the registry's name
     * @param cache where the registry remembers which blobs it has
     * @param failures of the service: they end a run
     * @param planned the storage here, held against that of a plan: another coordinator may have made it
     * @param schedule of the runs that are asked for by themselves, if any
     * @param stallTimeout how long nothing may move before a run is given up
     */
    public Coordinator(
            Cluster cluster,
            Storage storage,
            Optional<String> untagged,
            DescriptorCache cache,
            RunFollower runs,
            RunFailures failures,
            PlannedStorage planned,
            KnownManifests known,
            KnownSubjects subjects,
            EnumeratorMeter meter,
            Optional<Schedule> schedule,
            Duration stallTimeout) {
        this.cluster = cluster;
        this.storage = storage;
        this.cache = cache;
        this.runs = runs;
        this.failures = failures;
        this.planned = planned;
        this.known = known;
        this.subjects = subjects;
        this.meter = meter;
        collectable = new Collectable(storage, untagged);
        dueRuns = new DueRuns(schedule);
        stalls = new StallWatch(cluster, stallTimeout, storage);
        log = new TopicLog<>(
                cluster,
                cluster.topics().workDone(),
                WorkDoneRecord.class,
                this::add,
                () -> unreadable = "the topic " + cluster.topics().workDone() + " was deleted, or cut off, under it");
        log.toEnd();
    }

    private void add(ConsumerRecord<String, Parsed<WorkDoneRecord>> record) {
        switch (Parsed.of(record.value())) {
            case Parsed.Readable<WorkDoneRecord> readable -> ledger.add(readable.value());
            case Parsed.Unreadable<WorkDoneRecord> bad ->
                unreadable = "record %d of %s can't be read: %s".formatted(record.offset(), record.topic(), bad.why());
        }
    }

    /** Requests a run that is due, and takes the run under way one step further; commits either. */
    public void tick(Lane lane) {
        if (System.nanoTime() - last < EVERY.toNanos() || !runs.known()) {
            return;
        }
        last = System.nanoTime();
        log.poll(Duration.ZERO);
        Optional<Run> latest = runs.latest();
        dueRuns.due(latest).ifPresent(request -> {
            LOG.info("{} requested by the schedule", request.run());
            lane.send(RunPublisher.record(cluster.topics(), request));
            lane.commit();
        });
        latest.filter(run -> !run.ended() && !ended.equals(Optional.of(run.id())))
                .ifPresent(run -> lead(run, lane));
    }

    private void lead(Run run, Lane lane) {
        try {
            if (unreadable != null) {
                throw new IllegalStateException(unreadable);
            }
            stalls.look(run, ledger.itemsDone()).ifPresent(why -> {
                throw new IllegalStateException(why);
            });
            if (run.state() == Run.State.REQUESTED) {
                enumerate(run, new EnumerationPublisher(cluster.topics(), run.id(), lane, meter), lane);
            }
        } catch (LaneStoppedException | KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            unreadable = null;
            failures.send(lane::send, run.id(), e);
            end(run.id(), lane);
        }
    }

    private void enumerate(Run run, EnumerationPublisher out, Lane lane) {
        RunId id = run.id();
        int rounds = ledger.rounds(id);
        boolean tagsGo =
                run.requested().policy() != null || run.requested().options().leftovers() != null;
        if (ledger.complete(id)) {
            ledger.witnesses().forEach(witness -> planned.require(id, witness));
        }
        if (rounds == 0) {
            RequestTime.require(run.requested(), Instant.now());
            collectable.require(run.requested());
            LOG.info("{} enumerating {}", id, storage.description());
            out.start(run.requested());
            OptionalLong pullsSince = new PullTopics(cluster).since(Instant.now());
            boolean leftovers = run.requested().options().leftovers() != null;
            handOut(
                    WorkPlan.first(storage, id, holds(run.requested()), leftovers, tagsGo, cache, pullsSince),
                    out,
                    lane);
        } else if (ledger.complete(id) && rounds < ROUNDS) {
            handOut(WorkPlan.late(storage, id, tagsGo, ledger), out, lane);
        }
        if (ledger.complete(id) && ledger.rounds(id) == ROUNDS) {
            RunRecord.Enumerated enumerated = ledger.enumerated(storage.description());
            collectable.require(run.requested());
            collectable.require(
                    enumerated, ledger.repositories(), run.requested().options());
            out.end(ledger::records);
            LOG.info("{} enumerated: {}", id, enumerated);
            lane.send(RunPublisher.record(cluster.topics(), enumerated));
            end(id, lane);
            forgetOld(run.requested(), out, lane);
        }
    }

    /** The holds that count for the run: those that are not over by its own time, nor by the clock here. */
    private List<Hold> holds(RunRecord.Requested request) {
        long now = Math.min(request.at(), System.currentTimeMillis());
        return new HoldTopic(cluster)
                .read().stream().filter(hold -> !hold.over(now)).toList();
    }

    private void forgetOld(RunRecord.Requested request, EnumerationPublisher out, Lane lane) {
        RunId run = request.run();
        var manifests = new AtomicInteger();
        known.forEachExpired(storage, run, digest -> forget(() -> out.forget(digest), manifests, lane));
        var others = new AtomicInteger();
        subjects.forEachExpired(run, RunPolicy.of(request), key -> forget(() -> out.subject(key, null), others, lane));
        lane.commit();
        if (manifests.get() + others.get() > 0) {
            LOG.info(
                    "{} {} and {} that no run has seen for long are known no more",
                    run,
                    Counted.of(manifests.get(), "manifest"),
                    Counted.of(others.get(), "subject"));
        }
    }

    private static void forget(Runnable one, AtomicInteger forgotten, Lane lane) {
        lane.requireGoing();
        one.run();
        if (forgotten.incrementAndGet() % FORGOTTEN_TOGETHER == 0) {
            lane.commit();
        }
    }

    /** Commits a plan, and knows it from then on, whether or not it has read it back. */
    private void handOut(WorkPlan plan, EnumerationPublisher out, Lane lane) {
        plan.items().forEach(out::work);
        out.workDone(plan.planned());
        lane.commit();
        ledger.add(plan.planned());
        meter.items(plan.planned().items());
    }

    private void end(RunId run, Lane lane) {
        lane.commit();
        ended = Optional.of(run);
    }

    public void close() {
        log.close();
        stalls.close();
    }
}
