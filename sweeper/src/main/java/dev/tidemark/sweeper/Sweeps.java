package dev.tidemark.sweeper;

import dev.tidemark.kafka.Lane;
import dev.tidemark.kafka.LaneStoppedException;
import dev.tidemark.kafka.Moment;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Storage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sweeper of the run at hand, for all partitions that this instance holds: they share one second look. A sweep that goes on for long, or
 * goes on after Kafka was away, looks again: what it knows must not be much older than what it deletes.
 */
final class Sweeps {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);
  private static final Duration LOOK_FOR_STOP = Duration.ofMillis(50);
  private static final Duration OLD = Duration.ofMinutes(15);

  /** A look that takes long is made less often: most of the time goes into the sweep. */
  private static final int OLD_BY_ITS_LENGTH = 10;

  private final Storage storage;
  private final Supplier<Moment> clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Digest> rescued = new HashSet<>();
  private RunId run;
  private Sweeper sweeper;
  private Moment looked;
  private Duration length;

  Sweeps(Storage storage) {
    this(storage, Moment::now);
  }

  Sweeps(Storage storage, Supplier<Moment> clock) {
    this.storage = storage;
    this.clock = clock;
  }

  /**
   * The run's sweeper, once the storage was looked at again, or again if that was a while ago.
   *
   * @throws dev.tidemark.storage.StorageException if it can't be: then nothing may be swept
   */
  Sweeper of(Run of, Lane lane) throws InterruptedException {
    while (!lock.tryLock(LOOK_FOR_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
      requireGoing(lane);
    }
    try {
      boolean another = !of.id().equals(run);
      if (another) {
        rescued.clear();
      }
      if (another || old()) {
        look(of, lane);
      }
      return sweeper;
    } finally {
      lock.unlock();
    }
  }

  private boolean old() {
    Duration age = clock.get().since(looked);
    return age.compareTo(OLD) > 0 && age.compareTo(length.multipliedBy(OLD_BY_ITS_LENGTH)) > 0;
  }

  private void look(Run of, Lane lane) {
    run = null;
    Moment began = clock.get();
    rescued.addAll(new SecondLook(storage, of.requested().options(), () -> requireGoing(lane)).rescued());
    length = clock.get().since(began);
    // Whoever is to stop may be interrupted, wherever it is: nobody relies on what it has seen.
    requireGoing(lane);
    LOG.info("{} sweeping; {} digests are young, or referenced by what is", of.id(), rescued.size());
    sweeper = new Sweeper(storage, of.requested(), Set.copyOf(rescued));
    looked = began;
    run = of.id();
  }

  private static void requireGoing(Lane lane) {
    if (lane.stopped()) {
      throw new LaneStoppedException();
    }
  }
}
