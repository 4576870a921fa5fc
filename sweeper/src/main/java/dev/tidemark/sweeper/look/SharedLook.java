package dev.tidemark.sweeper.look;

import dev.tidemark.kafka.worker.ClockReading;
import dev.tidemark.kafka.worker.Lane;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Storage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link SecondLook} of the run at hand, shared by all partitions that this instance holds. A sweep that goes on
 * for long, or goes on after Kafka was away, looks again: what it knows must not be much older than its deletions.
 */
public final class SharedLook {

    private static final Logger LOG = LoggerFactory.getLogger(SharedLook.class);
    private static final Duration LOOK_FOR_STOP = Duration.ofMillis(50);
    private static final Duration OLD = Duration.ofMinutes(15);

    /** A look that takes long is made less often: most of the time goes into the sweep. */
    private static final int OLD_BY_ITS_LENGTH = 10;

    private final Storage storage;
    private final Consumer<RunId> prepare;
    private final Supplier<Holds> holds;
    private final LatePulls pulls;
    private final Referrers referrers;
    private final Supplier<ClockReading> clock;
    private final ReentrantLock lock = new ReentrantLock();
    /** Of all looks in this run. */
    private final Set<Digest> all = new HashSet<>();

    private RunId run;
    private Rescued found;
    private ClockReading looked;
    /** Whether the run's tags were swept by then: a tag that was pushed again meanwhile needs old layers. */
    private boolean afterTags;

    private Duration length;

    /**
     * @param prepare makes ready what the sweep of a run needs: the place that files are moved to, and the registry's
     *     cache; it throws if that can't be done
     * @param holds the holds that there are now; it throws if they can't be known
     */
    public SharedLook(
            Storage storage,
            Consumer<RunId> prepare,
            Supplier<Holds> holds,
            LatePulls pulls,
            Referrers referrers,
            Supplier<ClockReading> clock) {
        this.holds = holds;
        this.pulls = pulls;
        this.referrers = referrers;
        this.storage = storage;
        this.prepare = prepare;
        this.clock = clock;
    }

    /**
     * The digests that are young, held or pulled, or referenced by such a one. Looks at the storage if that has not
     * been done in this run, or not lately, and once more when its tags are swept.
     *
     * @throws dev.tidemark.storage.StorageException if the storage can't be looked at, or can't hold the trash: then
     *     nothing may be swept
     * @throws dev.tidemark.sweeper.cache.CacheException if the registry's cache can't be told what is gone: then
     *     nothing may be swept, either
     */
    public Rescued rescued(Run of, Lane lane) throws InterruptedException {
        while (!lock.tryLock(LOOK_FOR_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
            lane.requireGoing();
        }
        try {
            boolean another = !of.id().equals(run);
            if (another) {
                all.clear();
            }
            if (another || old() || (of.allTagsSwept() && !afterTags)) {
                look(of, lane);
            }
            return found;
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
        prepare.accept(of.id());
        ClockReading began = clock.get();
        Holds now = holds.get();
        all.addAll(new SecondLook(
                        storage,
                        of.requested(),
                        of.enumerated().fingerprint(),
                        now,
                        () -> pulls.spared(of, lane::requireGoing),
                        digests -> referrers.of(of, digests, lane::requireGoing),
                        lane::requireGoing)
                .rescued());
        length = clock.get().since(began);
        // A lane that is to stop may be interrupted, wherever it is: its look may not be whole.
        lane.requireGoing();
        LOG.info("{} sweeping; {} digests are young, held or pulled, or referenced by what is", of.id(), all.size());
        found = new Rescued(Set.copyOf(all), now);
        looked = began;
        afterTags = of.allTagsSwept();
        run = of.id();
    }
}
