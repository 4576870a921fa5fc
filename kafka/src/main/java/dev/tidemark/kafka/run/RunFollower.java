package dev.tidemark.kafka.run;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Run;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows {@code runs} on a thread of its own, for all threads of a service. */
public final class RunFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LOOK_FOR_STOP = Duration.ofMillis(50);

    private final RunLog log;
    private final Consumer<Throwable> onFailure;
    private final Thread thread = new Thread(this::follow, "runs");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile Optional<Run> latest = Optional.empty();
    private volatile long changedAt;
    private volatile long succeededAt;
    /** How often the topic was to be read to its end, and was: the first time is the start. */
    private volatile long asked = 1;

    private volatile long answered;
    private volatile boolean closed;

    /**
     * @param onFailure told when nothing is followed any more because of an error
     */
    public RunFollower(Cluster cluster, Consumer<Throwable> onFailure) {
        log = new RunLog(cluster);
        this.onFailure = onFailure;
    }

    public void start() {
        thread.start();
    }

    private void follow() {
        try {
            while (!closed) {
                read();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("the runs cannot be followed any more", e);
            onFailure.accept(e);
        } finally {
            log.close();
        }
    }

    private void read() {
        long wanted = asked;
        try {
            if (answered < wanted) {
                publish(log.toEnd(), wanted);
            } else {
                Optional<Run> next = log.poll(POLL);
                if (next != latest) {
                    publish(next, wanted);
                }
            }
        } catch (TimeoutException e) {
            LOG.warn("the runs cannot be read yet: {}", e.getMessage());
        } catch (WakeupException e) {
            LOG.debug(closed ? "closing" : "to be read to the end");
        }
    }

    private void publish(Optional<Run> next, long read) {
        lock.lock();
        try {
            answered = read;
            changedAt = log.changedAt();
            succeededAt = log.succeededAt();
            latest = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether all that was in the topic at the start is read: until then nothing is published, and {@link #latest} says
     * nothing.
     */
    public boolean known() {
        return answered > 0;
    }

    /**
     * Waits until all is read that is in the topic now, as {@link #latest} then says: a process that was stopped for a
     * while may not have read it yet.
     *
     * @param stop looked at every so often
     * @return false if it was told to stop first
     */
    public boolean catchUp(BooleanSupplier stop) throws InterruptedException {
        lock.lock();
        try {
            long mine = ++asked;
            log.wakeup();
            while (!closed && !stop.getAsBoolean()) {
                if (answered >= mine) {
                    return true;
                }
                changed.await(LOOK_FOR_STOP.toMillis(), TimeUnit.MILLISECONDS);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The latest run, as far as it is known here. */
    public Optional<Run> latest() {
        return latest;
    }

    /**
     * When the record was written that last changed the latest run, in milliseconds since 1970; 0 if there is no run.
     */
    public long changedAt() {
        return changedAt;
    }

    /**
     * When a run last came to its end, swept or as a dry run, in milliseconds since 1970; if none has, when the first
     * was asked for; 0 if there is none.
     */
    public long succeededAt() {
        return succeededAt;
    }

    /**
     * Waits until the latest run is as wanted.
     *
     * @param stop looked at every so often
     * @return empty if it was told to stop first
     */
    public Optional<Run> await(Predicate<Run> wanted, BooleanSupplier stop) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !stop.getAsBoolean()) {
                if (latest.filter(wanted).isPresent()) {
                    return latest;
                }
                changed.await(LOOK_FOR_STOP.toMillis(), TimeUnit.MILLISECONDS);
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        log.wakeup();
        boolean started = thread.getState() != Thread.State.NEW;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!started) {
            log.close();
        }
    }
}
