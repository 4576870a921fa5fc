package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.schemas.Run;
import dev.tidemark.storage.StorageException;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.sweeper.trash.TrashReport;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The looks at the trash before and after a collection. */
final class TrashStep {

    private static final Logger LOG = LoggerFactory.getLogger(TrashStep.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration ANNOUNCED = Duration.ofSeconds(1);

    private final TrashKeeper keeper;
    private final Duration settle;
    private final BooleanSupplier goOn;
    private final Consumer<String> progress;

    /**
     * @param settle how long after the sweep the final look begins
     * @param goOn whether the user still wants it
     */
    TrashStep(TrashKeeper keeper, Duration settle, BooleanSupplier goOn, Consumer<String> progress) {
        this.keeper = keeper;
        this.settle = settle;
        this.goOn = goOn;
        this.progress = progress;
    }

    /** Puts back what earlier runs should not have kept in the trash, before the registry is looked at. */
    void before() {
        if (!keeper.empty()) {
            progress.accept("looking after the trash");
            look(Optional.empty());
        }
    }

    /**
     * Waits until pushes that were under way have ended, and takes the final look.
     *
     * @return empty if the run has nothing in the trash, or the user has interrupted it
     */
    Optional<TrashReport> after(Run run) {
        if (!run.mayHaveSwept() || !keeper.holds(run.id())) {
            return Optional.empty();
        }
        if (run.state() == Run.State.SWEPT) {
            keeper.toldBySweep(run.id());
        }
        long end = System.nanoTime() + keeper.settled(settle).toNanos();
        for (long left = end - System.nanoTime(); left > 0 && goOn.getAsBoolean(); left = end - System.nanoTime()) {
            Duration wait = Duration.ofNanos(left);
            if (wait.compareTo(ANNOUNCED) > 0) {
                progress.accept("settling: the final look begins in " + wait.toSeconds() + " s");
            }
            pause(wait.compareTo(TICK) < 0 ? wait : TICK);
        }
        return goOn.getAsBoolean() ? look(Optional.of(run)) : Optional.empty();
    }

    /** Looks once more: something that the run has deleted is needed, and is not there. */
    void again(Run run) {
        look(Optional.of(run));
    }

    private Optional<TrashReport> look(Optional<Run> run) {
        try {
            return keeper.look(run, goOn);
        } catch (CacheException e) {
            if (run.filter(swept -> swept.state() == Run.State.FAILED).isPresent()) {
                // That it failed is said, and most likely for the same reason.
                LOG.warn("what is in the trash stays there until the next run: {}", e.getMessage());
                return Optional.empty();
            }
            throw failed(e);
        } catch (StorageException | KafkaException e) {
            throw failed(e);
        }
    }

    private static CollectionException failed(RuntimeException e) {
        return new CollectionException(
                "the trash could not be looked after, and what is in it stays there until the next run: "
                        + e.getMessage(),
                e);
    }

    private static void pause(Duration wait) {
        try {
            Thread.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectionException("interrupted before the final look: what was swept stays in the trash", e);
        }
    }
}
