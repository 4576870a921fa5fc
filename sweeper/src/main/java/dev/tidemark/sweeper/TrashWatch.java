package dev.tidemark.sweeper;

import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
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
 * Looks after the trash while the sweeper runs, and no run does: at its start, when a run ends, again 15 minutes and an
 * hour later, and whenever a file is due. What clients push is looked at as soon as an event says so, at any time. One
 * instance does it: the one that holds the first partition.
 */
final class TrashWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrashWatch.class);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofMinutes(15);
    private static final Duration LATER = Duration.ofHours(1);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final Supplier<Optional<Run>> latest;
    private final BooleanSupplier mine;
    private final Supplier<Optional<TrashKeeper>> open;
    private final Supplier<PushEvents> openEvents;
    private final TrashMeter meter;
    private final Verification verification;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "trash");

    private Optional<TrashKeeper> keeper = Optional.empty();
    private Optional<PushEvents> events = Optional.empty();
    private boolean held;
    /** The latest run whose end was seen, and when. */
    private RunId ended;

    private Instant endedAt = Instant.EPOCH;
    private Instant next = Instant.MAX;

    /**
     * @param latest the latest run, once all is known of it
     * @param mine whether this instance is the one that looks after the trash
     * @param open opens the trash for a look; empty if the storage has none
     * @param openEvents opens the topic of what clients push
     * @param verification of the latest run, after each look
     */
    TrashWatch(
            Supplier<Optional<Run>> latest,
            BooleanSupplier mine,
            Supplier<Optional<TrashKeeper>> open,
            Supplier<PushEvents> openEvents,
            TrashMeter meter,
            Verification verification) {
        this.openEvents = openEvents;
        this.latest = latest;
        this.mine = mine;
        this.open = open;
        this.meter = meter;
        this.verification = verification;
    }

    void start() {
        thread.start();
    }

    private void watch() {
        try {
            while (!stop.await(0, TimeUnit.MILLISECONDS)) {
                Set<Nominee> pushed = pushed();
                if (due(Instant.now())) {
                    attempt(this::look);
                } else if (!pushed.isEmpty() && mine.getAsBoolean()) {
                    attempt(() -> heal(pushed));
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("the trash is no longer looked after", e);
        } finally {
            keeper.ifPresent(TrashKeeper::close);
            events.ifPresent(PushEvents::close);
        }
    }

    /** The digests that were pushed or mounted lately, after waiting for some for a while. */
    private Set<Nominee> pushed() throws InterruptedException {
        try {
            events = events.or(() -> Optional.of(openEvents.get()));
            return events.get().next(TICK);
        } catch (KafkaException e) {
            LOG.warn("the registry's events can't be read: {}", e.getMessage());
            stop.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
            return Set.of();
        }
    }

    /** Looks at the trash in one way or another. After a failure all links are looked at soon. */
    private void attempt(Runnable look) {
        try {
            look.run();
        } catch (StorageException | CacheException | KafkaException e) {
            meter.failed();
            LOG.warn("the trash could not be looked after, and nothing in it is purged: {}", e.getMessage());
            next = Instant.now().plus(AFTER_A_FAILURE);
        } catch (RuntimeException e) {
            meter.failed();
            LOG.error("the trash could not be looked after, and nothing in it is purged", e);
            next = Instant.now().plus(AFTER_A_FAILURE);
        }
    }

    /** Restores what was pushed again. */
    private void heal(Set<Nominee> pushed) {
        keeper = keeper.or(open);
        keeper.flatMap(held -> held.heal(latest.get(), pushed, () -> mine.getAsBoolean() && stop.getCount() > 0))
                .filter(restored -> restored.count() > 0)
                .ifPresent(restored -> {
                    meter.restored(restored);
                    LOG.info(
                            "the trash: {} files restored ({} bytes), as they were pushed again",
                            restored.count(),
                            restored.bytes());
                });
    }

    private boolean due(Instant now) {
        boolean before = held;
        boolean here = mine.getAsBoolean();
        if (!here) {
            meter.others();
        }
        held = here && still();
        if (!held) {
            return false;
        }
        Optional<Run> run = latest.get().filter(known -> known.ended() && known.mayHaveSwept());
        boolean another = run.isPresent() && !run.get().id().equals(ended);
        if (another) {
            ended = run.get().id();
            endedAt = now;
        }
        return !before || another || !now.isBefore(next);
    }

    /**
     * Whether no run is under way. In the middle of a sweep there are links that are to go, and lead to what has gone:
     * a look would bring that back.
     */
    private boolean still() {
        return latest.get().filter(Run::ended).isPresent();
    }

    private void look() {
        keeper = keeper.or(open);
        next = Instant.MAX;
        keeper.ifPresent(this::look);
        latest.get().filter(Verification::needed).ifPresent(this::verify);
    }

    private boolean goesOn() {
        return mine.getAsBoolean() && still() && stop.getCount() > 0;
    }

    private void verify(Run run) {
        try {
            verification.verify(run, () -> keeper.ifPresent(this::look), this::goesOn);
        } catch (StorageException | KafkaException | IllegalStateException e) {
            meter.failed();
            LOG.warn("{} can't be verified: {}", run.id(), e.getMessage());
            Instant again = Instant.now().plus(AFTER_A_FAILURE);
            next = again.isBefore(next) ? again : next;
        }
    }

    private void look(TrashKeeper trash) {
        Optional<TrashReport> report = trash.look(latest.get(), this::goesOn);
        // It was told to stop: if it still holds the trash by then, it begins again.
        next = report.map(this::next).orElse(Instant.now().plus(TICK));
        report.ifPresent(meter::looked);
        report.filter(done -> done.restored().count() + done.purged().count() > 0)
                .ifPresent(done -> LOG.info(
                        "the trash: {} files restored, {} purged ({} bytes), {} left ({} bytes)",
                        done.restored().count(),
                        done.purged().count(),
                        done.purged().bytes(),
                        done.left().count(),
                        done.left().bytes()));
    }

    private Instant next(TrashReport report) {
        if (report.nextDue().isEmpty()) {
            return Instant.MAX;
        }
        Instant now = Instant.now();
        Instant due = Instant.ofEpochMilli(report.nextDue().getAsLong());
        Instant look = endedAt.plus(now.isBefore(endedAt.plus(SOON)) ? SOON : LATER);
        Instant first = look.isAfter(now) && look.isBefore(due) ? look : due;
        // By another clock than the storage's it may be due already.
        return first.isAfter(now.plus(TICK)) ? first : now.plus(TICK);
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
