package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.kafka.worker.SetAside;
import dev.tidemark.kafka.worker.Work;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.cache.CachePurge;
import dev.tidemark.sweeper.delete.Deleter;
import dev.tidemark.sweeper.delete.EmptyDirectories;
import dev.tidemark.sweeper.delete.MissingLinks;
import dev.tidemark.sweeper.look.Rescued;
import dev.tidemark.sweeper.look.SharedLook;
import dev.tidemark.sweeper.order.Batch;
import dev.tidemark.sweeper.order.Begun;
import dev.tidemark.sweeper.order.PartitionProgress;
import dev.tidemark.sweeper.permission.EnumeratedStorage;
import dev.tidemark.sweeper.permission.Permission;
import dev.tidemark.sweeper.permission.Proof;
import dev.tidemark.sweeper.permission.Runs;
import dev.tidemark.sweeper.permission.TagsFirst;
import dev.tidemark.sweeper.trash.TrashRetention;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off one partition of {@code eligible}: deletes its records when their run may be swept. Deletions are recorded
 * together with the offset: a record that is done again is not recorded yet.
 */
final class EligibleWork implements Work<EligibleRecord> {

    private static final Logger LOG = LoggerFactory.getLogger(EligibleWork.class);
    private static final Serializer<EligibleRecord> ELIGIBLE = new JsonSerde<>(EligibleRecord.class).serializer();

    private final Cluster cluster;
    private final RunFailures failures;
    private final Permission permission;
    private final EnumeratedStorage enumerated;
    private final TagsFirst tags;
    private final Storage storage;
    private final TrashRetention retention;
    private final EmptyDirectories directories;
    private final SharedLook look;
    private final CachePurge cache;
    private final Proof proof;
    private final DeletionRecords deletions;
    private final Begun begun;
    private Optional<PartitionProgress> progress;

    /** @param metadata the progress that is saved with the partition's offset; empty if there is none */
    EligibleWork(
            Cluster cluster,
            Runs runs,
            Storage storage,
            EnumeratedStorage enumerated,
            TrashRetention retention,
            SharedLook look,
            CachePurge cache,
            Proof proof,
            SweeperMeter meter,
            String metadata) {
        this.cluster = cluster;
        failures = new RunFailures(cluster.topics(), SweeperService.NAME);
        permission = new Permission(cluster, runs, failures);
        tags = new TagsFirst(cluster.topics(), permission);
        this.storage = storage;
        this.enumerated = enumerated;
        this.retention = retention;
        directories = new EmptyDirectories(storage);
        this.look = look;
        this.cache = cache;
        this.proof = proof;
        deletions = new DeletionRecords(cluster.topics().deletions(), meter);
        progress = PartitionProgress.resume(metadata);
        begun = Begun.of(progress);
    }

    @Override
    public boolean joins(List<ConsumerRecord<String, EligibleRecord>> before, EligibleRecord next) {
        return before.getLast().value() instanceof Eligible last
                && next instanceof Eligible
                && last.run().equals(next.run())
                && TagsFirst.joins(before.size(), last, next);
    }

    @Override
    public void on(ConsumerRecord<String, EligibleRecord> record, Lane lane) throws InterruptedException {
        on(List.of(record), lane);
    }

    @Override
    public void on(List<ConsumerRecord<String, EligibleRecord>> records, Lane lane) throws InterruptedException {
        RunId id = records.getFirst().value().run();
        if (!permission.asked(id, lane)) {
            setAside(records, "nobody has asked for the run " + id, lane);
            return;
        }
        Optional<Run> run = permission.await(id, lane);
        if (run.isEmpty()) {
            tidyUp(records);
            return;
        }
        PartitionProgress at = progressOf(id);
        try {
            enumerated.require(run.get(), lane);
            if (!at.proved() && !prove(records, at, run.get(), lane)) {
                return;
            }
            if (at.pastBarrier(records.getFirst().offset())) {
                setAside(records, "it comes after the last record of " + id, lane);
                return;
            }
            run = next(records, at, run.get(), lane);
        } catch (IllegalStateException | StorageException e) {
            cannotBeSwept(records, at, run.get(), e, lane);
            return;
        }
        if (run.isEmpty()) {
            return;
        }
        if (records.getFirst().value() instanceof EndOfEligible end) {
            try {
                cache.finish();
            } catch (CacheException e) {
                failures.send(lane::send, id, e);
                return;
            }
            end(end, at, run.get(), lane);
        } else {
            delete(records, at, run.get(), lane);
        }
    }

    /** The run, once its records may be worked off: tags may, and all else when the tags are through. */
    private Optional<Run> next(
            List<ConsumerRecord<String, EligibleRecord>> records, PartitionProgress at, Run run, Lane lane)
            throws InterruptedException {
        Optional<Run> latest =
                TagsFirst.isTag(records.getFirst().value()) ? Optional.of(run) : tags.swept(run, at, lane);
        if (latest.isEmpty()) {
            tidyUp(records);
        }
        return latest;
    }

    /** Whether the run's records are the marker's: before that, none of them is worked off. */
    private boolean prove(
            List<ConsumerRecord<String, EligibleRecord>> records, PartitionProgress at, Run run, Lane lane)
            throws InterruptedException {
        OptionalLong barrier = proof.barrier(
                run, lane.partition(), records.getFirst().offset(), () -> lane.stopped() || permission.over(run.id()));
        lane.requireGoing();
        barrier.ifPresent(at::provedUpTo);
        return barrier.isPresent();
    }

    private void setAside(List<ConsumerRecord<String, EligibleRecord>> records, String why, Lane lane) {
        records.forEach(
                record -> SetAside.send(record, ELIGIBLE.serialize(null, record.value()), why, cluster.topics(), lane));
    }

    /** A deletion that was begun when the run ended may have left its directories. */
    private void tidyUp(List<ConsumerRecord<String, EligibleRecord>> records) throws InterruptedException {
        try {
            cache.finish();
        } catch (CacheException e) {
            LOG.warn("{}", e.getMessage());
        }
        for (ConsumerRecord<String, EligibleRecord> record : records) {
            if (record.value() instanceof Eligible eligible && begun.has(eligible, record.offset())) {
                directories.remove(eligible);
            }
        }
    }

    private PartitionProgress progressOf(RunId run) {
        progress = Optional.of(
                progress.filter(known -> known.run().equals(run)).orElseGet(() -> PartitionProgress.begin(run)));
        return progress.get();
    }

    private void delete(List<ConsumerRecord<String, EligibleRecord>> records, PartitionProgress at, Run run, Lane lane)
            throws InterruptedException {
        Optional<Trash> trash;
        try {
            trash = retention.trash(storage);
        } catch (StorageException e) {
            cannotBeSwept(records, at, run, e, lane);
            return;
        }
        var batch = Batch.of(
                records.stream().map(record -> (Eligible) record.value()).toList(),
                at,
                index -> begun.has(
                        (Eligible) records.get(index).value(),
                        records.get(index).offset()),
                trash.flatMap(place -> retention.least()));
        while (true) {
            Rescued rescued;
            try {
                rescued = look.rescued(run, lane);
            } catch (StorageException | CacheException e) {
                deletions.send(batch, at, lane);
                cannotBeSwept(records, at, run, e, lane);
                return;
            }
            long last = records.getLast().offset();
            if (last >= at.until()) {
                at.reachTo(last);
                lane.commit();
            }
            // To look again takes minutes, and the run may be over.
            if (permission.await(run.id(), lane).isEmpty()) {
                deletions.send(batch, at, lane);
                tidyUp(records);
                return;
            }
            try {
                if (new Deleter(storage, trash, run.requested(), rescued, cache).delete(batch, lane)) {
                    // An undo beside this sweep may have ended the trash, and what says how long it is kept.
                    trash.ifPresent(
                            place -> place.prepare(run.id(), retention.least().orElseThrow()));
                    deletions.send(batch, at, lane);
                    return;
                }
            } catch (NoTrashException | CacheException e) {
                deletions.send(batch, at, lane);
                cannotBeSwept(records, at, run, e, lane);
                return;
            }
            permission.catchUp(lane);
        }
    }

    private void cannotBeSwept(
            List<ConsumerRecord<String, EligibleRecord>> records,
            PartitionProgress at,
            Run run,
            RuntimeException why,
            Lane lane)
            throws InterruptedException {
        records.forEach(record -> at.passedOver(record.value()));
        failures.send(lane::send, run.id(), why);
        lane.commit();
        permission.awaitEnd(run.id(), lane);
    }

    private void end(EndOfEligible end, PartitionProgress at, Run run, Lane lane) {
        RunRecord outcome = end.records() == at.records()
                ? at.swept(
                        run,
                        end.partition(),
                        cluster.topics().partitions(),
                        new MissingLinks(cluster, storage).repair(run, lane))
                : failures.of(
                        end.run(),
                        "partition %d of %s has %s, and the marker wrote %d"
                                .formatted(
                                        end.partition(),
                                        cluster.topics().eligible(),
                                        Counted.of(at.records(), "record"),
                                        end.records()));
        lane.send(RunPublisher.record(cluster.topics(), outcome));
    }

    /** A record that can't be worked off ends the run: what comes after it may rely on it. */
    @Override
    public void givenUp(ConsumerRecord<String, EligibleRecord> record, RuntimeException why, Lane lane) {
        progressOf(record.value().run()).passedOver(record.value());
        failures.send(lane::send, record.value().run(), why);
    }

    @Override
    public String metadata() {
        return progress.map(PartitionProgress::metadata).orElse("");
    }
}
