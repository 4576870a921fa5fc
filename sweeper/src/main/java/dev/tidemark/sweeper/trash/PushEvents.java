package dev.tidemark.sweeper.trash;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicLog;
import dev.tidemark.schemas.EventRecord;
import dev.tidemark.schemas.EventRecord.Action;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.sweeper.look.Nominee;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what clients push and mount from the topic {@code events}, from now on. For one thread. */
public final class PushEvents implements PushWatch.Pushes {

    private static final Logger LOG = LoggerFactory.getLogger(PushEvents.class);

    /** Nominees that are handed out together at most. */
    private static final int BATCH = 10_000;

    private final TopicLog<EventRecord> log;
    private Set<Nominee> nominees = new HashSet<>();
    private boolean some;

    public PushEvents(Cluster cluster) {
        log = TopicLog.fromEnd(cluster, cluster.topics().events(), EventRecord.class, this::add);
    }

    private void add(ConsumerRecord<String, Parsed<EventRecord>> record) {
        some = true;
        switch (Parsed.of(record.value())) {
            case Parsed.Readable<EventRecord> event -> {
                if (event.value().action() == Action.PUSH || event.value().action() == Action.MOUNT) {
                    nominees.add(new Nominee(
                            event.value().repository(), event.value().digest()));
                }
            }
            case Parsed.Unreadable<EventRecord> unreadable ->
                LOG.warn(
                        "{}@{} can't be read, and is passed over: {}",
                        record.topic(),
                        record.offset(),
                        unreadable.why());
        }
    }

    @Override
    public Set<Nominee> next(Duration atMost) {
        Duration wait = atMost;
        do {
            some = false;
            log.poll(wait);
            wait = Duration.ZERO;
        } while (some && nominees.size() < BATCH);
        Set<Nominee> all = nominees;
        nominees = new HashSet<>();
        return all;
    }

    @Override
    public void close() {
        log.close();
    }
}
