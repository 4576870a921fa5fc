package dev.tidemark.enumerator;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import java.util.Optional;

/** The last run before the one at hand that has seen all there was. It is looked up once a run, if anybody asks. */
final class RunsBefore {

    private final Cluster cluster;
    private RunId run;
    private Optional<RunId> last = Optional.empty();

    RunsBefore(Cluster cluster) {
        this.cluster = cluster;
    }

    /** @throws org.apache.kafka.common.KafkaException if the runs can't be read */
    synchronized Optional<RunId> of(RunId current) {
        if (!current.equals(run)) {
            last = RunHistory.read(cluster).all().stream()
                    .map(RunHistory.Entry::run)
                    .filter(past -> past.enumerated() != null && past.id().compareTo(current) < 0)
                    .map(Run::id)
                    .reduce((first, next) -> next);
            run = current;
        }
        return last;
    }
}
