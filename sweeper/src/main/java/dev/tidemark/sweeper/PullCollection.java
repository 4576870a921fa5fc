package dev.tidemark.sweeper;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.RecordPublisher;
import dev.tidemark.kafka.topic.PullTopics;
import dev.tidemark.kafka.topic.TopicLog;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.PullsCollected;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says every few minutes that this sweeper is ready to take events, and when it has last heard of a pull, together with
 * what the others have said: the topic {@code pulls.collected}.
 */
final class PullCollection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PullCollection.class);
    private static final Serializer<PullsCollected> RECORDS = new JsonSerde<>(PullsCollected.class).serializer();

    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final Cluster cluster;
    private final RecordPublisher records;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, task -> new Thread(task, "pulls"), new ThreadPoolExecutor.DiscardPolicy());

    /** The last pull that this sweeper has heard of. */
    private volatile Instant heard = Instant.EPOCH;

    /** The last pull that it has said something of. */
    private volatile Instant said = Instant.EPOCH;

    /** The latest time by the clock of any sweeper. */
    private volatile Instant latest = Instant.EPOCH;

    private Optional<TopicLog<PullsCollected>> log = Optional.empty();
    private Optional<PullsCollected> known = Optional.empty();

    PullCollection(Cluster cluster) {
        this.cluster = cluster;
        records = new RecordPublisher(cluster, cluster.topics().pullsCollected());
        thread.scheduleWithFixedDelay(this::say, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The time by the clock here, or by one of another sweeper, if this one is behind. */
    Instant now() {
        Instant here = Instant.now();
        return here.isBefore(latest) ? latest : here;
    }

    /** A pull was heard of, and is on its topic. The first is told at once. */
    void heard(Instant at) {
        heard = at;
        if (Duration.between(said, at).compareTo(EVERY) > 0) {
            said = at;
            thread.execute(this::say);
        }
    }

    private void say() {
        try {
            if (log.isEmpty()) {
                log = Optional.of(new TopicLog<>(
                        cluster, cluster.topics().pullsCollected(), PullsCollected.class, this::add, () -> {}));
            }
            String topic = new PullTopics(cluster).id();
            known = known.filter(collected -> collected.topic().equals(topic))
                    .or(() -> Optional.of(PullsCollected.none(topic)));
            log.get().toEnd();
            PullsCollected ready = known.get().ready(Instant.now());
            PullsCollected now = heard.equals(Instant.EPOCH) ? ready : ready.pulled(heard);
            known = Optional.of(now);
            latest = Instant.ofEpochMilli(now.ready());
            records.publish(List.of(new ProducerRecord<>(
                    cluster.topics().pullsCollected(), 0, PullsCollected.KEY, RECORDS.serialize(null, now))));
        } catch (KafkaException | IllegalStateException e) {
            LOG.warn("that pulls are collected can't be said: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("that pulls are collected can't be said", e);
        }
    }

    private void add(ConsumerRecord<String, Parsed<PullsCollected>> record) {
        switch (Parsed.of(record.value())) {
            case Parsed.Readable<PullsCollected>(PullsCollected other) ->
                known = known.map(collected -> collected.and(other));
            case Parsed.Unreadable<PullsCollected> bad ->
                LOG.warn("{}@{} can't be read, and is passed over: {}", record.topic(), record.offset(), bad.why());
        }
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("the last word on pulls is still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.ifPresent(TopicLog::close);
        records.close();
    }
}
