package dev.tidemark.kafka.run;

import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fails a run for a service: in its log, and in {@code runs}.
 *
 * @param service that speaks
 */
public record RunFailures(Topics topics, String service) {

    private static final Logger LOG = LoggerFactory.getLogger(RunFailures.class);

    /** The run's end. It counts once it is written, best together with what it failed at. */
    public RunRecord.Failed of(RunId run, String why) {
        LOG.error("{} failed: {}", run, why);
        return failed(run, why);
    }

    /** As {@link #of}, as it is sent. */
    public ProducerRecord<String, byte[]> record(RunId run, String why) {
        return RunPublisher.record(topics, of(run, why));
    }

    /**
     * Fails the run on a lane. A lane that is to stop may send nothing any more: the next holder of its partition finds
     * the failure itself.
     */
    public void send(Consumer<ProducerRecord<String, byte[]>> lane, RunId run, Throwable why) {
        String message = why.getMessage() == null ? why.toString() : why.getMessage();
        lane.accept(RunPublisher.record(topics, failed(run, message)));
        LOG.error("{} failed", run, why);
    }

    private RunRecord.Failed failed(RunId run, String why) {
        return new RunRecord.Failed(run, service, why);
    }
}
