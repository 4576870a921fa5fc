package dev.tidemark.sweeper.trash;

import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Verified;
import dev.tidemark.storage.StorageException;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.verify.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the trash while the sweeper runs, and no run does: at its start, when a run ends, again 15 minutes and an
 * hour later, and whenever a file is due. Pushes of clients are looked at as soon as an event tells of them, at any
 * time: see {@link PushWatch}. One instance does it: the one that holds the first partition.
 */
public final class TrashWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrashWatch.class);

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration AFTER_A_FAILURE = Duration.ofMinutes(5);
    private static final Duration SOON = Duration.ofMinutes(15);
    private static final Duration LATER = Duration.ofHours(1);
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final Supplier<Optional<Run>> latest;
    private final BooleanSupplier mine;
    private final Supplier<Optional<TrashKeeper>> open;
    private final TrashMeter meter;
    private final Verifier verifier;
    private final PushWatch pushes;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::watch, "trash");

    private Optional<TrashKeeper> keeper = Optional.empty();
    private boolean held;
    /** The latest run whose end was seen, and when. */
    private RunId ended;

    private Instant endedAt = Instant.EPOCH;
    private Instant next = Instant.MAX;
    /** Whether a look has changed something since the last verification. */
    private boolean changed;
    /** When the last look began that a verification has followed. */
    private Instant verified = Instant.EPOCH;

    private volatile boolean pushFailed;

    /** Looks whether a run has deleted anything that is needed, as {@link Verification#verify} does. */
    public interface Verifier {
        Optional<Verified> verify(Run run, Runnable heal, BooleanSupplier goOn);
    }

    /**
     * @param latest the latest run, once all is known of it
     * @param mine whether this instance is the one that looks after the trash
     * @param open opens the trash for a look; empty if the storage has none
     * @param openPushes opens the topic of what clients push
     * @param verifier of the latest run, after its looks
     */
    public TrashWatch(
            Supplier<Optional<Run>> latest,
            BooleanSupplier mine,
            Supplier<Optional<TrashKeeper>> open,
            Supplier<? extends PushWatch.Pushes> openPushes,
            TrashMeter meter,
            Verifier verifier) {
        this.latest = latest;
        this.mine = mine;
        this.open = open;
        this.meter = meter;
        this.verifier = verifier;
        pushes = new PushWatch(latest, mine, open, openPushes, meter, () -> pushFailed = true);
    }

    public void start() {
        thread.start();
        pushes.start();
    }

    private void watch() {
        try {
            do {
                if (due(Instant.now())) {
                    attempt();
                }
            } while (!stop.await(TICK.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("the trash is no longer looked after", e);
        } finally {
            keeper.ifPresent(TrashKeeper::close);
        }
    }

    private void attempt() {
        try {
            look();
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
        if (pushFailed) {
            pushFailed = false;
            atLatest(now.plus(AFTER_A_FAILURE));
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

    private void atLatest(Instant time) {
        next = time.isBefore(next) ? time : next;
    }

    private void look() {
        Instant began = Instant.now();
        keeper = keeper.or(open);
        next = Instant.MAX;
        keeper.ifPresent(this::look);
        latest.get()
                .filter(run -> Verification.needed(run) && unverified(run, began))
                .ifPresent(run -> verify(run, began));
    }

    /**
     * Whether a look at all links, and at all that the run has recorded, may find something else than the last one:
     * nobody has verified the run, or found something missing; the trash has changed; or a push that was under way when
     * the run ended has ended since.
     */
    private boolean unverified(Run run, Instant now) {
        boolean never = run.verified() == null && verified.isBefore(endedAt);
        return never
                || changed
                || run.lost() > 0
                || Stream.of(SOON, LATER)
                        .map(endedAt::plus)
                        .anyMatch(mark -> verified.isBefore(mark) && !now.isBefore(mark));
    }

    private boolean goesOn() {
        return mine.getAsBoolean() && still() && stop.getCount() > 0;
    }

    private void verify(Run run, Instant began) {
        try {
            if (verifier.verify(run, () -> keeper.ifPresent(this::look), this::goesOn)
                    .isPresent()) {
                verified = began;
                changed = false;
            }
        } catch (StorageException | KafkaException | IllegalStateException e) {
            meter.failed();
            LOG.warn("{} can't be verified: {}", run.id(), e.getMessage());
            atLatest(Instant.now().plus(AFTER_A_FAILURE));
        }
    }

    /**
     * Looks once. The registry's cache is told again what a sweep has told it: nobody knows that every entry was told
     * twice. A sweep that was cut off goes on with the first batch that is not recorded, and has forgotten what it was
     * to tell for the second time.
     */
    private void look(TrashKeeper trash) {
        Optional<TrashReport> report = trash.look(latest.get(), this::goesOn);
        // It was told to stop: if it still holds the trash by then, it begins again.
        next = report.map(this::next).orElse(Instant.now().plus(TICK));
        report.ifPresent(done -> meter.looked(done, trash.room()));
        report.filter(done -> done.restored().count() + done.purged().count() > 0)
                .ifPresent(done -> {
                    changed = true;
                    LOG.info(
                            "the trash: {} files restored, {} purged ({} bytes), {} left ({} bytes)",
                            done.restored().count(),
                            done.purged().count(),
                            done.purged().bytes(),
                            done.left().count(),
                            done.left().bytes());
                });
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
        pushes.close();
        try {
            thread.join(LONGEST_STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
