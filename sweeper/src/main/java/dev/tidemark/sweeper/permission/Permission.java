package dev.tidemark.sweeper.permission;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.kafka.run.RunPublisher;
import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.kafka.worker.LaneStoppedException;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a run may be swept: all partitions have decided, their totals add up, and the circuit breaker lets
 * the run pass, or it is approved.
 */
public final class Permission {

    private static final Logger LOG = LoggerFactory.getLogger(Permission.class);

    /** The partition whose holder speaks for all: that a run waits, or doesn't add up. */
    private static final int SPEAKER = 0;

    private final Cluster cluster;
    private final Runs runs;
    private final RunFailures failures;
    /** The run as it was when it was last seen to be let through. */
    private Run passed;

    public Permission(Cluster cluster, Runs runs, RunFailures failures) {
        this.cluster = cluster;
        this.runs = runs;
        this.failures = failures;
    }

    /** Whether the run was ever asked for, or a later one: all that {@code runs} has now is read for that. */
    public boolean asked(RunId id, Lane lane) throws InterruptedException {
        if (!known(id)) {
            catchUp(lane);
        }
        return known(id);
    }

    private boolean known(RunId id) {
        return runs.latest().filter(run -> run.id().compareTo(id) >= 0).isPresent();
    }

    /** Whether the run has ended, or another has begun. */
    public boolean over(RunId id) {
        return runs.latest().filter(run -> run.id().equals(id) && !run.ended()).isEmpty();
    }

    /** Waits until it is known what becomes of a run. Empty if nothing of it is to be swept (any more). */
    public Optional<Run> await(RunId id, Lane lane) throws InterruptedException {
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
            lane.send(RunPublisher.record(
                    cluster.topics(),
                    new RunRecord.Waiting(run.id(), run.whyHeld().orElseThrow())));
            lane.commit();
        }
    }

    /**
     * Waits until all is known of the run that is there now: an instance that was stopped for a while may not know yet
     * that the run has ended.
     */
    public void catchUp(Lane lane) throws InterruptedException {
        if (!runs.catchUp(lane::stopped)) {
            throw new LaneStoppedException();
        }
    }

    /** Waits until the tags of all partitions are swept. Empty if nothing more of the run is to be swept. */
    Optional<Run> awaitTags(RunId id, Lane lane) throws InterruptedException {
        runs.await(latest -> !latest.id().equals(id) || latest.ended() || latest.allTagsSwept(), lane::stopped)
                .orElseThrow(LaneStoppedException::new);
        return await(id, lane);
    }

    /** Waits until a run has ended, or the lane is to stop. */
    public void awaitEnd(RunId id, Lane lane) throws InterruptedException {
        runs.await(latest -> !latest.id().equals(id) || latest.ended(), lane::stopped);
    }
}
