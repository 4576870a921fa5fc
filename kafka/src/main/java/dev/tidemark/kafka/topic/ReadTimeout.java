package dev.tidemark.kafka.topic;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.LoopTimeout;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Throws a {@link TimeoutException} if records are known to exist but the consumer has not advanced for a minute. A
 * consumer that Kafka does not answer throws nothing itself.
 */
public final class ReadTimeout {

    /** As long as clients wait for an answer, if they are not told otherwise. */
    static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Cluster cluster;
    private final Consumer<?, ?> consumer;
    private final Duration longestPause;
    private final LoopTimeout timeout;
    private long position = -1;

    public ReadTimeout(Cluster cluster, Consumer<?, ?> consumer) {
        this(cluster, consumer, LONGEST_PAUSE);
    }

    ReadTimeout(Cluster cluster, Consumer<?, ?> consumer, Duration longestPause) {
        this.cluster = cluster;
        this.consumer = consumer;
        this.longestPause = longestPause;
        timeout = new LoopTimeout(longestPause);
    }

    /**
     * Looks how far the consumer is. Called before each poll, as long as there is more to read.
     *
     * @throws TimeoutException if the consumer has not advanced for a minute
     * @throws KafkaException if it is known why the consumer can't advance
     */
    public void check() {
        cluster.trouble().get().ifPresent(why -> {
            throw new KafkaException(why);
        });
        long reached =
                consumer.assignment().stream().mapToLong(consumer::position).sum();
        if (reached != position) {
            position = reached;
            timeout.restart();
        } else if (timeout.expired()) {
            throw new TimeoutException("there is more to read of "
                    + consumer.assignment().iterator().next().topic() + ", and nothing has come for "
                    + longestPause.toSeconds()
                    + " s: see whether Kafka is there, has all its partitions, and has no transaction open in one "
                    + "(kafka-transactions.sh find-hanging)");
        }
    }
}
