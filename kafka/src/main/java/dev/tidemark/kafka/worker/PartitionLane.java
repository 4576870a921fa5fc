package dev.tidemark.kafka.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that works off one partition of {@link Lanes}, with a consumer and a transactional producer of its own.
 * When anything fails, it opens the lane anew: from the last commit on.
 */
final class PartitionLane<T> {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLane.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final LaneContext<T> context;
    private final TopicPartition partition;
    private final String transactionalId;
    private final StopSignal signal = new StopSignal();
    private final Attempts attempts = new Attempts();
    private final Thread thread;
    private volatile OpenLane<T> open;
    private volatile boolean working;
    private boolean closing;

    PartitionLane(LaneContext<T> context, TopicPartition partition) {
        this.context = context;
        this.partition = partition;
        // The same for all holders of the partition, so that the next one fences the last.
        transactionalId = context.group() + "-" + partition.partition();
        thread = new Thread(this::run, transactionalId);
        // It may wait for a storage that never answers.
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    int partition() {
        return partition.partition();
    }

    boolean working() {
        return working;
    }

    void stop() {
        signal.stop();
    }

    /**
     * Waits for its end.
     *
     * @param deadline as {@link System#nanoTime}
     * @return whether it has ended by then
     */
    boolean ended(long deadline) {
        try {
            return thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !thread.isAlive();
        }
    }

    /** Goes on without it, as it does not end: whenever it does, it sends and commits nothing more. */
    synchronized void cutOff() {
        signal.cutOff();
        if (!closing) {
            thread.interrupt();
        }
    }

    /** Aborts what a lane has left open that was cut off, and has not ended. */
    void abort() {
        OpenLane<T> left = open;
        if (left != null) {
            left.abort();
        }
    }

    private void run() {
        int failures = 0;
        while (!signal.stopped()) {
            try {
                begin();
                open.open();
                working = true;
                failures = 0;
                open.workOff();
            } catch (LaneStoppedException e) {
                LOG.debug("{} is given back", partition);
            } catch (InterruptedException e) {
                signal.stop();
            } catch (RuntimeException e) {
                failed(e);
                failures++;
            } catch (Error e) {
                // No memory left, say: no record's fault, and nothing that another try would mend.
                LOG.error("{} is worked off no more", partition, e);
                signal.stop();
                context.onFailure().accept(e);
            } finally {
                end();
            }
            pause(failures);
        }
        working = false;
    }

    private void begin() {
        working = false;
        synchronized (this) {
            closing = false;
        }
        attempts.reset();
        open = new OpenLane<>(context, partition, transactionalId, signal, attempts);
    }

    private void failed(RuntimeException failure) {
        if (signal.stopped()) {
            LOG.debug("{} is given back", partition, failure);
            return;
        }
        LOG.warn("{}: what was begun is undone, and tried again from the last commit on", partition, failure);
        attempts.failed(failure);
    }

    /** A lane that was interrupted has gone on by that; what it holds is closed in peace. */
    private void end() {
        synchronized (this) {
            closing = true;
            Thread.interrupted();
        }
        try {
            if (open != null) {
                open.close();
            }
        } catch (RuntimeException e) {
            LOG.warn("{}: not all that it held could be closed", partition, e);
        }
        open = null;
    }

    private void pause(int failures) {
        long deadline =
                System.nanoTime() + Math.min(LONGEST_PAUSE.toMillis(), 100L << Math.min(failures, 10)) * 1_000_000;
        try {
            while (failures > 0 && !signal.stopped() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            signal.stop();
        }
    }
}
