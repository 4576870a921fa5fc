package dev.tidemark.enumerator;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicScan;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkDoneRecord.Planned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The digests that a run's plan holds wherever they are, as a process reads them once a run for all that it
 * enumerates. The plan is committed with the items: who has an item finds it.
 */
final class RunHolds {

    private final Cluster cluster;
    private RunId run;
    private Map<Digest, Hold> held = Map.of();

    RunHolds(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Those of a run.
     *
     * @param planned how many there are, as the item says that needs them
     * @param goingOn called every so often; it throws to end the reading
     * @throws IllegalStateException if others are in the plan: what is held is not known then
     * @throws org.apache.kafka.common.KafkaException if the plan can't be read
     */
    synchronized Map<Digest, Hold> of(Requested request, int planned, Runnable goingOn) {
        if (!request.run().equals(run)) {
            held = read(request, goingOn);
            run = request.run();
        }
        if (held.size() != planned) {
            throw new IllegalStateException("the plan in %s holds %,d digests wherever they are, and its items say %,d"
                    .formatted(cluster.topics().workDone(), held.size(), planned));
        }
        return held;
    }

    private Map<Digest, Hold> read(Requested request, Runnable goingOn) {
        List<Hold> holds = new ArrayList<>();
        try (var plans = new TopicScan<>(cluster, cluster.topics().workDone(), WorkDoneRecord.class)) {
            plans.read(0, request, goingOn, record -> {
                if (record instanceof Planned plan && plan.run().equals(request.run())) {
                    holds.addAll(plan.holds());
                }
            });
        }
        return Map.copyOf(new Holds(holds).anywhere());
    }
}
