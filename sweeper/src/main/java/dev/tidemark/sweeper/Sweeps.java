package dev.tidemark.sweeper;

import dev.tidemark.kafka.Lane;
import dev.tidemark.kafka.LaneStoppedException;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Storage;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sweeper of the run at hand, for all partitions that this instance holds: they share one second look. */
final class Sweeps {

  private static final Logger LOG = LoggerFactory.getLogger(Sweeps.class);
  private static final Duration LOOK_FOR_STOP = Duration.ofMillis(50);

  private final Storage storage;
  private final ReentrantLock lock = new ReentrantLock();
  private RunId run;
  private Sweeper sweeper;

  Sweeps(Storage storage) {
    this.storage = storage;
  }

  /**
   * The run's sweeper, once the storage was looked at again.
   *
   * @throws dev.tidemark.storage.StorageException if it can't be: then nothing may be swept
   */
  Sweeper of(Run of, Lane lane) throws InterruptedException {
    while (!lock.tryLock(LOOK_FOR_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
      requireGoing(lane);
    }
    try {
      if (!of.id().equals(run)) {
        Set<Digest> rescued = new SecondLook(storage, of.requested().options(), () -> requireGoing(lane)).rescued();
        LOG.info("{} sweeping; {} digests are young, or referenced by what is", of.id(), rescued.size());
        sweeper = new Sweeper(storage, of.requested(), rescued, Clock.systemUTC());
        run = of.id();
      }
      return sweeper;
    } finally {
      lock.unlock();
    }
  }

  private static void requireGoing(Lane lane) {
    if (lane.stopped()) {
      throw new LaneStoppedException();
    }
  }
}
