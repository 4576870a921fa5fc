package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.kafka.worker.SetAside;
import dev.tidemark.schemas.EventRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.PullRecord;
import dev.tidemark.schemas.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the events that a registry sends to their topics: pulls of images to {@code pulls}, once an hour each, and
 * pushes, mounts and deletions to {@code events}. The time of a pull is that of its coming, by the clock here: it is
 * never too early, whatever the registry's clock says and however long the event has waited there. A part of a request
 * that is no event goes to {@code rejected} as it came: a registry that is refused sends the same again, for ever, and
 * nothing else.
 */
public final class EventReceiver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventReceiver.class);
    private static final Serializer<EventRecord> RECORDS = new JsonSerde<>(EventRecord.class).serializer();
    private static final Serializer<PullRecord> PULLS = new JsonSerde<>(PullRecord.class).serializer();

    private final Topics topics;
    private final RecordPublisher records;
    private final SweeperMeter meter;
    private final RecentPulls recent = new RecentPulls();
    private final PullCollection collection;

    public EventReceiver(Cluster cluster, SweeperMeter meter) {
        this.meter = meter;
        topics = cluster.topics();
        records = new RecordPublisher(cluster, topics.events());
        collection = new PullCollection(cluster);
    }

    /**
     * Takes the body of a request.
     *
     * @throws org.apache.kafka.common.KafkaException if Kafka does not have it for sure
     */
    public void accept(byte[] body) {
        Instant now = collection.now();
        Notifications notifications = Notifications.of(body, now);
        List<PullRecord> pulls = recent.fresh(notifications.pulls());
        List<ProducerRecord<String, byte[]>> all = new ArrayList<>();
        notifications
                .events()
                .forEach(event -> all.add(
                        new ProducerRecord<>(topics.events(), event.repository(), RECORDS.serialize(null, event))));
        // Readers of the topic read the one partition that it should have.
        pulls.forEach(
                pull -> all.add(new ProducerRecord<>(topics.pulls(), 0, pull.key(), PULLS.serialize(null, pull))));
        for (Notifications.Malformed part : notifications.malformed()) {
            LOG.warn("a part of the registry's notifications is set aside in {}: {}", topics.rejected(), part.why());
            all.add(SetAside.record(topics, "notification", part.bytes(), part.why()));
        }
        records.publish(all);
        recent.written(pulls);
        if (!notifications.pulls().isEmpty()) {
            collection.heard(now);
        }
        meter.received(notifications);
    }

    @Override
    public void close() {
        collection.close();
        records.close();
    }
}
