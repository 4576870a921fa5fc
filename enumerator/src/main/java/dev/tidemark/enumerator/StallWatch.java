package dev.tidemark.enumerator;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees a run that nobody works on any more, as when a barrier is lost or no marker runs: it fails, so that the next can be. */
final class StallWatch {

  private static final Logger LOG = LoggerFactory.getLogger(StallWatch.class);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);
  private static final int LOOKS = 30;

  private final Cluster cluster;
  private final Duration timeout;
  private final LongSupplier workHere;
  private final Admin admin;
  private List<Object> seen = List.of();
  private long since;
  private long lastLook;

  /**
   * @param workHere grows while this process reads the storage: what it reads is committed late
   */
  StallWatch(Cluster cluster, Duration timeout, LongSupplier workHere) {
    this.workHere = workHere;
    this.cluster = cluster;
    this.timeout = timeout;
    admin = cluster.admin();
    lastLook = System.nanoTime();
  }

  /** Why the run is to be given up, if nothing has moved for so long. */
  Optional<String> look(Run run, int itemsDone) {
    long now = System.nanoTime();
    if (now - lastLook < timeout.toNanos() / LOOKS || run.state() == Run.State.SWEEPING) {
      return Optional.empty();
    }
    lastLook = now;
    List<Object> progress = new ArrayList<>(List.of(run.id(), run.state(), run.decided().size(), itemsDone, workHere.getAsLong()));
    try {
      for (String service : List.of("enumerator", "marker")) {
        progress.add(offsets(cluster.topics().prefix() + service));
      }
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{} whether it goes on can't be seen: {}", run.id(), e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    if (!progress.equals(seen)) {
      seen = progress;
      since = now;
      return Optional.empty();
    }
    return now - since < timeout.toNanos()
        ? Optional.empty()
        : Optional.of(
            "nothing has moved for %d minutes while it was %s: are the services running, and their topics there?"
                .formatted(timeout.toMinutes(), run.state().name().toLowerCase(Locale.ROOT)));
  }

  private long offsets(String group) throws ExecutionException, InterruptedException, TimeoutException {
    return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()
        .get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS).values().stream()
        .filter(offset -> offset != null)
        .mapToLong(OffsetAndMetadata::offset)
        .sum();
  }

  void close() {
    admin.close(Duration.ZERO);
  }
}
