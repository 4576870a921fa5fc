package dev.tidemark.kafka.worker;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets aside the records of a lane that can't be read: they go to the topic {@code rejected} as they came, and fail the
 * run that is under way.
 */
final class UnreadableRecords {

    private static final Logger LOG = LoggerFactory.getLogger(UnreadableRecords.class);

    private final Cluster cluster;
    private final String service;
    private final RunFollower runs;

    UnreadableRecords(Cluster cluster, String service, RunFollower runs) {
        this.cluster = cluster;
        this.service = service;
        this.runs = runs;
    }

    <T> void setAside(ConsumerRecord<String, Parsed<T>> record, Parsed.Unreadable<T> unreadable, Lane lane) {
        String where = record.topic() + "-" + record.partition() + "@" + record.offset();
        LOG.error(
                "{} can't be read, and is set aside in {}: {}",
                where,
                cluster.topics().rejected(),
                unreadable.why());
        var rejected = new ProducerRecord<>(cluster.topics().rejected(), where, unreadable.bytes());
        rejected.headers().add("why", unreadable.why().getBytes(StandardCharsets.UTF_8));
        lane.send(rejected);
        runs.latest()
                .filter(run -> !run.ended() || run.state() == Run.State.WAITING)
                .ifPresent(run -> lane.send(new RunFailures(cluster.topics(), service)
                        .record(run.id(), where + " can't be read: " + unreadable.why())));
    }
}
