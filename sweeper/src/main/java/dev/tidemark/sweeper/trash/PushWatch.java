package dev.tidemark.sweeper.trash;

import dev.tidemark.schemas.Run;
import dev.tidemark.storage.StorageException;
import dev.tidemark.sweeper.look.Nominee;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives what clients push back what it needs of the trash, as soon as an event says so, at any time. It has a thread
 * and a keeper of its own: a look at all links, or a verification, takes hours in a large registry.
 */
public final class PushWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PushWatch.class);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final Supplier<Optional<Run>> latest;
    private final BooleanSupplier mine;
    private final Supplier<Optional<TrashKeeper>> open;
    private final Supplier<? extends Pushes> openPushes;
    private final TrashMeter meter;
    private final Runnable onFailure;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "pushes");

    private Optional<TrashKeeper> keeper = Optional.empty();
    private Optional<Pushes> pushes = Optional.empty();

    /** The pushes of clients. For one thread. */
    public interface Pushes extends AutoCloseable {

        /** The digests that came since the last call, or come within the time. */
        Set<Nominee> next(Duration atMost);

        @Override
        void close();
    }

    /**
     * @param latest the latest run, once all is known of it
     * @param mine whether this instance is the one that looks after the trash
     * @param open opens the trash; empty if the storage has none
     * @param onFailure called if something that was pushed may lack what is in the trash
     */
    PushWatch(
            Supplier<Optional<Run>> latest,
            BooleanSupplier mine,
            Supplier<Optional<TrashKeeper>> open,
            Supplier<? extends Pushes> openPushes,
            TrashMeter meter,
            Runnable onFailure) {
        this.latest = latest;
        this.mine = mine;
        this.open = open;
        this.openPushes = openPushes;
        this.meter = meter;
        this.onFailure = onFailure;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (goesOn()) {
                Set<Nominee> pushed = pushed();
                if (!pushed.isEmpty() && mine.getAsBoolean()) {
                    heal(pushed);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("pushes are no longer looked after", e);
        } finally {
            keeper.ifPresent(TrashKeeper::close);
            pushes.ifPresent(Pushes::close);
        }
    }

    private boolean goesOn() {
        return stop.getCount() > 0;
    }

    private Set<Nominee> pushed() throws InterruptedException {
        try {
            pushes = pushes.or(() -> Optional.of(openPushes.get()));
            return pushes.get().next(TICK);
        } catch (KafkaException e) {
            LOG.warn("the registry's events can't be read: {}", e.getMessage());
            stop.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
            return Set.of();
        }
    }

    private void heal(Set<Nominee> pushed) {
        try {
            keeper = keeper.or(open);
            keeper.flatMap(trash -> trash.heal(latest.get(), pushed, () -> mine.getAsBoolean() && goesOn()))
                    .filter(restored -> restored.count() > 0)
                    .ifPresent(restored -> {
                        meter.restored(restored);
                        LOG.info(
                                "the trash: {} files restored ({} bytes), as they were pushed again",
                                restored.count(),
                                restored.bytes());
                    });
        } catch (StorageException | KafkaException e) {
            LOG.warn("what was pushed could not be looked at: {}", e.getMessage());
            failed();
        } catch (RuntimeException e) {
            LOG.error("what was pushed could not be looked at", e);
            failed();
        }
    }

    private void failed() {
        meter.failed();
        onFailure.run();
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(LONGEST_STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
