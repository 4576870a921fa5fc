package dev.tidemark.kafka;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** Whether whoever reads what is known to be there gets any further: a consumer that nobody answers says nothing, for ever. */
public final class Headway {

  /** As long as clients wait for an answer, if they are not told otherwise. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Cluster cluster;
  private final Consumer<?, ?> consumer;
  private final Duration longestPause;
  private final WaitingTime patience;
  private long position = -1;

  public Headway(Cluster cluster, Consumer<?, ?> consumer) {
    this(cluster, consumer, LONGEST_PAUSE);
  }

  Headway(Cluster cluster, Consumer<?, ?> consumer, Duration longestPause) {
    this.cluster = cluster;
    this.consumer = consumer;
    this.longestPause = longestPause;
    patience = new WaitingTime(longestPause);
  }

  /**
   * Looks how far the consumer is, after each poll that leaves something to be read.
   *
   * @throws TimeoutException if it has not gone on for a minute
   * @throws KafkaException if it is known why it can't go on
   */
  public void look() {
    cluster.trouble().get().ifPresent(why -> {
      throw new KafkaException(why);
    });
    long reached = consumer.assignment().stream().mapToLong(consumer::position).sum();
    if (reached != position) {
      position = reached;
      patience.restore();
    } else if (patience.exhausted()) {
      throw new TimeoutException(
          "there is more to read of " + consumer.assignment().iterator().next().topic() + ", and nothing has come for "
              + longestPause.toSeconds() + " s: see whether Kafka is there, and has all its partitions");
    }
  }
}
