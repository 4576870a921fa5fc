package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.kafka.worker.Lanes;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.storage.Storage;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Sweeps every run that may be swept, together with the other instances: each takes the partitions of {@code eligible}
 * that it holds. A run that the circuit breaker stops is held.
 */
public final class SweeperService implements AutoCloseable {

    /** The service's name, and its group's after the prefix. */
    public static final String NAME = "sweeper";

    private final RunFollower runs;
    private final Lanes<EligibleRecord> lanes;

    /**
     * @param onFailure told when the service has stopped because of an error
     */
    public SweeperService(Cluster cluster, Storage storage, SweeperMeter meter, Consumer<Throwable> onFailure) {
        var look = new SharedLook(storage);
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
                        look,
                        meter,
                        committed.map(OffsetAndMetadata::metadata).orElse("")),
                runs,
                onFailure);
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
        runs.close();
    }
}
