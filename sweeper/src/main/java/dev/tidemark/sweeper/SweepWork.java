package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.Lane;
import dev.tidemark.kafka.LaneStoppedException;
import dev.tidemark.kafka.RunFailures;
import dev.tidemark.kafka.RunPublisher;
import dev.tidemark.kafka.Work;
import dev.tidemark.schemas.Counted;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.sweeper.Batch.Candidate;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps one partition of {@code eligible} when its run may be swept. Deletions are recorded together with
 * the offset: whoever does a record again has not recorded it yet.
 */
final class SweepWork implements Work<EligibleRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(SweepWork.class);
  private static final Serializer<DeletionRecord> DELETIONS = new JsonSerde<>(DeletionRecord.class).serializer();

  /** The partition whose holder speaks for all: that a run waits, or doesn't add up. */
  private static final int SPEAKER = 0;

  private final Cluster cluster;
  private final Runs runs;
  private final RunFailures failures;
  private final Remains remains;
  private final Sweeps sweeps;
  private final SweeperMeter meter;
  /** The run that this goes on with, if any, and the offset before which its records may have been begun. */
  private final RunId resumed;
  private final long begunUntil;

  private Optional<PartitionSweep> sweep;
  /** The run as it was when it was last seen to be let through. */
  private Run passed;

  SweepWork(Cluster cluster, Runs runs, Storage storage, Sweeps sweeps, SweeperMeter meter, String metadata) {
    this.cluster = cluster;
    this.runs = runs;
    failures = new RunFailures(cluster.topics(), SweeperService.NAME);
    this.remains = new Remains(storage);
    this.sweeps = sweeps;
    this.meter = meter;
    sweep = PartitionSweep.resume(metadata);
    resumed = sweep.map(PartitionSweep::run).orElse(null);
    begunUntil = sweep.map(PartitionSweep::until).orElse(0L);
  }

  @Override
  public boolean joins(List<ConsumerRecord<String, EligibleRecord>> before, EligibleRecord next) {
    return before.getLast().value() instanceof Eligible last && next instanceof Eligible && last.run().equals(next.run());
  }

  @Override
  public void on(ConsumerRecord<String, EligibleRecord> record, Lane lane) throws InterruptedException {
    on(List.of(record), lane);
  }

  @Override
  public void on(List<ConsumerRecord<String, EligibleRecord>> records, Lane lane) throws InterruptedException {
    RunId id = records.getFirst().value().run();
    Optional<Run> run = awaitPassage(id, lane);
    if (run.isEmpty()) {
      tidyUp(records);
      return;
    }
    PartitionSweep at = sweepOf(id);
    if (records.getFirst().value() instanceof EndOfEligible end) {
      end(end, at, run.get(), lane);
    } else {
      sweep(records, at, run.get(), lane);
    }
  }

  /** What was begun when the run ended may have left its directories. */
  private void tidyUp(List<ConsumerRecord<String, EligibleRecord>> records) {
    for (ConsumerRecord<String, EligibleRecord> record : records) {
      if (record.value() instanceof Eligible eligible && begun(eligible, record.offset())) {
        remains.remove(eligible);
      }
    }
  }

  private PartitionSweep sweepOf(RunId run) {
    PartitionSweep at = sweep.filter(known -> known.run().equals(run)).orElseGet(() -> PartitionSweep.begin(run));
    sweep = Optional.of(at);
    return at;
  }

  /** Waits until it is known what becomes of a run. Empty if nothing of it is to be swept (any more). */
  private Optional<Run> awaitPassage(RunId id, Lane lane) throws InterruptedException {
    Run known = runs.latest().orElse(null);
    while (true) {
      if (known != null && known.id().compareTo(id) >= 0) {
        if (known == passed && known.id().equals(id)) {
          return Optional.of(known);
        }
        if (!known.id().equals(id) || (known.ended() && known.state() != Run.State.WAITING)) {
          return Optional.empty();
        }
        if (known.mayBeSwept()) {
          passed = known;
          return Optional.of(known);
        }
        if (lane.partition() == SPEAKER) {
          speak(known, lane);
        }
      }
      Run last = known;
      known = runs.await(latest -> latest != last, lane::stopped).orElseThrow(LaneStoppedException::new);
    }
  }

  private void speak(Run run, Lane lane) {
    if (run.contradiction().isPresent()) {
      lane.send(failures.record(run.id(), run.contradiction().get()));
      lane.commit();
    } else if (run.allDecided() && run.exceedsBreaker() && !run.approved() && run.waiting() == null) {
      LOG.warn("{} waits for approval", run.id());
      lane.send(RunPublisher.record(cluster.topics(), new RunRecord.Waiting(run.id(), run.whyHeld())));
      lane.commit();
    }
  }

  /** Whether a sweeper that was cut off may have begun the record. */
  private boolean begun(Eligible eligible, long offset) {
    return eligible.run().equals(resumed) && offset < begunUntil;
  }

  private void sweep(List<ConsumerRecord<String, EligibleRecord>> records, PartitionSweep at, Run run, Lane lane)
      throws InterruptedException {
    var batch = new Batch(candidates(records, at));
    Sweeper sweeper;
    do {
      try {
        sweeper = sweeps.of(run, lane);
      } catch (StorageException e) {
        record(batch, at, lane);
        cannotBeSwept(records, at, run, e, lane);
        return;
      }
      long last = records.getLast().offset();
      if (last >= at.until()) {
        at.reachTo(last);
        lane.commit();
      }
      // To look again takes minutes, and the run may be over.
      if (awaitPassage(run.id(), lane).isEmpty()) {
        record(batch, at, lane);
        tidyUp(records);
        return;
      }
    } while (!sweeper.sweep(batch, lane) && caughtUp(lane));
    record(batch, at, lane);
  }

  private List<Candidate> candidates(List<ConsumerRecord<String, EligibleRecord>> records, PartitionSweep at) {
    var first = (Eligible) records.getFirst().value();
    boolean firstStillNamed = at.stillNamed(first);
    return records.stream().map(record -> {
      var eligible = (Eligible) record.value();
      return new Candidate(
          eligible, firstStillNamed && eligible.digest().equals(first.digest()), begun(eligible, record.offset()));
    }).toList();
  }

  /** Whoever was stopped for a while may not know yet what has become of the run. */
  private boolean caughtUp(Lane lane) throws InterruptedException {
    if (!runs.catchUp(lane::stopped)) {
      throw new LaneStoppedException();
    }
    return true;
  }

  private void cannotBeSwept(
      List<ConsumerRecord<String, EligibleRecord>> records, PartitionSweep at, Run run, StorageException why, Lane lane)
      throws InterruptedException {
    records.forEach(record -> at.passedOver((Eligible) record.value()));
    failures.send(lane, run.id(), why);
    lane.commit();
    runs.await(latest -> !latest.id().equals(run.id()) || latest.ended(), lane::stopped);
  }

  private void record(Batch batch, PartitionSweep at, Lane lane) {
    for (Batch.Done done : batch.done()) {
      at.stillNamed(done.eligible());
      byte[] value = DELETIONS.serialize(null, done.deletion());
      at.done(done.deletion(), value);
      lane.send(new ProducerRecord<>(
          cluster.topics().deletions(), lane.partition(), done.eligible().digest().toString(), value));
      meter.done(done.deletion());
      done.log();
    }
  }

  private void end(EndOfEligible end, PartitionSweep at, Run run, Lane lane) {
    RunRecord outcome =
        end.records() == at.records()
            ? new RunRecord.Swept(end.run(), end.partition(), cluster.topics().partitions(), at.sweep(), at.checksum(), run.approved() ? run.approval().by() : null)
            : failures.of(
                end.run(),
                "partition %d of %s has %s, and the marker wrote %d".formatted(
                    end.partition(), cluster.topics().eligible(), Counted.of(at.records(), "record"), end.records()));
    lane.send(RunPublisher.record(cluster.topics(), outcome));
  }

  /** A record that can't be worked off ends the run: what comes after it may rely on it. */
  @Override
  public void givenUp(ConsumerRecord<String, EligibleRecord> record, RuntimeException why, Lane lane) {
    if (record.value() instanceof Eligible eligible) {
      sweepOf(eligible.run()).passedOver(eligible);
    }
    failures.send(lane, record.value().run(), why);
  }

  @Override
  public String metadata() {
    return sweep.map(PartitionSweep::metadata).orElse("");
  }
}
