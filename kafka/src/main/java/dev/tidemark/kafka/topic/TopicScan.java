package dev.tidemark.kafka.topic;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.Requested;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Reads what is in partitions of a topic when it is asked to, and is committed. It waits for the end of a transaction
 * that is open then: its records may be committed already, and only the marker that says so on its way. One that stays
 * open ends after its time-out (15 minutes), or with the next holder of its lane: this does not wait as long. For one
 * thread.
 *
 * @param <T> the type of its records
 */
public final class TopicScan<T> implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final Cluster cluster;
    private final String topic;
    private final Duration longestPause;
    private final Admin admin;
    private final org.apache.kafka.clients.consumer.Consumer<String, Parsed<T>> consumer;

    public TopicScan(Cluster cluster, String topic, Class<T> type) {
        this(cluster, topic, type, ReadTimeout.LONGEST_PAUSE);
    }

    TopicScan(Cluster cluster, String topic, Class<T> type, Duration longestPause) {
        this.cluster = cluster;
        this.topic = topic;
        this.longestPause = longestPause;
        admin = cluster.admin();
        consumer = cluster.reader(type);
    }

    /**
     * Reads a partition, in its order.
     *
     * @param since leaves out what was written before, in ms since the epoch; empty to read from the beginning
     * @param goOn asked every so often
     * @param each told of every record that can be read
     * @return false if it was told to stop
     * @throws KafkaException if it gets nowhere, as a transaction stays open for one
     */
    public boolean read(int partition, OptionalLong since, BooleanSupplier goOn, Consumer<T> each) {
        var at = new TopicPartition(topic, partition);
        consumer.assign(List.of(at));
        consumer.seekToBeginning(List.of(at));
        since.ifPresent(time -> Optional.ofNullable(
                        consumer.offsetsForTimes(Map.of(at, time)).get(at))
                .ifPresent(found -> consumer.seek(at, found.offset())));
        long end = end(at);
        var timeout = new ReadTimeout(cluster, consumer, longestPause);
        while (goOn.getAsBoolean()) {
            if (consumer.position(at) >= end) {
                return true;
            }
            timeout.check();
            for (ConsumerRecord<String, Parsed<T>> record : consumer.poll(POLL)) {
                if (record.value() instanceof Parsed.Readable<T>(T value)) {
                    each.accept(value);
                }
            }
        }
        return false;
    }

    /**
     * Reads what a partition may have of a run: what was written since it was asked for, by any clock.
     *
     * @param goingOn called every so often; it throws to end the reading
     * @param each told of every record that can be read, of other runs as well
     * @throws KafkaException if it gets nowhere, as a transaction stays open for one
     */
    public void read(int partition, Requested request, Runnable goingOn, Consumer<T> each) {
        var since = OptionalLong.of(request.at() - Run.CLOCKS_DIFFER.toMillis());
        BooleanSupplier goOn = () -> {
            goingOn.run();
            return true;
        };
        read(partition, since, goOn, each);
    }

    /** Behind all that is written: a consumer of what is committed takes the first open transaction for the end. */
    private long end(TopicPartition at) {
        try {
            return admin.listOffsets(
                            Map.of(at, OffsetSpec.latest()), new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .partitionResult(at)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new KafkaException(
                    "Kafka does not say where " + at + " ends: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
        cluster.closeNow(consumer);
    }
}
