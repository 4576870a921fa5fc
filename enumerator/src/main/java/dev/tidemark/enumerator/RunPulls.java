package dev.tidemark.enumerator;

import dev.tidemark.enumerator.pin.LastPulls;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.PullTopics;
import dev.tidemark.schemas.RunId;

/** The last pulls, as a process reads them once a run for all that it enumerates. */
final class RunPulls {

    private final PullTopics topics;
    private RunId run;
    private LastPulls pulls = LastPulls.NONE;

    RunPulls(Cluster cluster) {
        topics = new PullTopics(cluster);
    }

    /**
     * Those for a run.
     *
     * @param since from when on every pull is known, as the run's plan says; null if nobody collects them
     * @throws IllegalStateException if they can't be read, or not all of them
     */
    synchronized LastPulls of(RunId next, Long since) {
        if (since == null) {
            return LastPulls.NONE;
        }
        if (!next.equals(run)) {
            var read = new LastPulls.Builder();
            topics.eachPull(pull -> read.add(pull.key(), pull.at()));
            pulls = read.build(since);
            run = next;
        }
        return pulls;
    }
}
