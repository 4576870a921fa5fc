package dev.tidemark.kafka.worker;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunFailures;
import dev.tidemark.kafka.run.RunFollower;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Sets aside the records of a lane that can't be read: they go to the topic {@code rejected} as they came, and fail the
 * run that is under way.
 */
final class UnreadableRecords {

    private final Cluster cluster;
    private final String service;
    private final RunFollower runs;

    UnreadableRecords(Cluster cluster, String service, RunFollower runs) {
        this.cluster = cluster;
        this.service = service;
        this.runs = runs;
    }

    <T> void setAside(ConsumerRecord<String, Parsed<T>> record, Parsed.Unreadable<T> unreadable, Lane lane) {
        String where = SetAside.where(record);
        SetAside.send(record, unreadable.bytes(), unreadable.why(), cluster.topics(), lane);
        runs.latest()
                .filter(run -> !run.ended() || run.state() == Run.State.WAITING)
                .ifPresent(run -> lane.send(new RunFailures(cluster.topics(), service)
                        .record(run.id(), where + " can't be read: " + unreadable.why())));
    }
}
