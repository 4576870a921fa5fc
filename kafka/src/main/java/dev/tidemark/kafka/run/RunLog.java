package dev.tidemark.kafka.run;

import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.topic.TopicLog;
import dev.tidemark.schemas.Parsed;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads the topic {@code runs} from its beginning and knows its latest run. For one thread at a time; {@link #wakeup()}
 * is for any.
 *
 * <p>A record that can't be read may have been the end of the run: it fails it. So does the loss of the topic.
 */
public final class RunLog implements AutoCloseable {

    /** Is told of each record that makes or changes a run. */
    interface Listener {

        /**
         * @param before the latest run before the record
         * @param at the time of the record, in milliseconds since 1970
         */
        void changed(Optional<Run> before, Run latest, long at);
    }

    private final TopicLog<RunRecord> log;
    private final Listener listener;
    private Optional<Run> latest = Optional.empty();
    private long changedAt;
    private long succeededAt;

    public RunLog(Cluster cluster) {
        this(cluster, (before, latest, at) -> {});
    }

    RunLog(Cluster cluster, Listener listener) {
        this.listener = listener;
        log = new TopicLog<>(
                cluster,
                cluster.topics().runs(),
                RunRecord.class,
                this::add,
                () -> fail("the topic " + cluster.topics().runs() + " was deleted, or cut off, under it"));
    }

    private void add(ConsumerRecord<String, Parsed<RunRecord>> record) {
        Optional<Run> before = latest;
        take(record);
        if (!latest.equals(before)) {
            if (!verified(before)) {
                changedAt = record.timestamp();
            }
            if (succeededAt == 0 || succeeded(before)) {
                succeededAt = record.timestamp();
            }
            listener.changed(before, latest.orElseThrow(), record.timestamp());
        }
    }

    /** Whether nothing has changed but that somebody has looked at the storage, after the run. */
    private boolean verified(Optional<Run> before) {
        Run now = latest.orElseThrow();
        return before.filter(run -> run.id().equals(now.id()) && run.verified() != now.verified())
                .isPresent();
    }

    /** Whether a run has come to its end that had not before. */
    private boolean succeeded(Optional<Run> before) {
        Run now = latest.orElseThrow();
        return now.through()
                && before.filter(run -> run.id().equals(now.id()) && run.through())
                        .isEmpty();
    }

    private void take(ConsumerRecord<String, Parsed<RunRecord>> record) {
        switch (Parsed.of(record.value())) {
            case Parsed.Readable<RunRecord> readable -> latest = Run.after(latest, readable.value());
            case Parsed.Unreadable<RunRecord> unreadable ->
                fail("record %d of %s can't be read: %s".formatted(record.offset(), record.topic(), unreadable.why()));
        }
    }

    private void fail(String why) {
        latest.ifPresent(run -> latest = Run.after(latest, new RunRecord.Failed(run.id(), "runs", why)));
    }

    /** Reads all that is there now. */
    public Optional<Run> toEnd() {
        log.toEnd();
        return latest;
    }

    /** Reads what comes within the time, and returns the latest run as it is then. */
    public Optional<Run> poll(Duration atMost) {
        log.poll(atMost);
        return latest;
    }

    /**
     * When the record was written that last changed the latest run, in milliseconds since 1970; 0 if there was none. To
     * verify it does not change it.
     */
    public long changedAt() {
        return changedAt;
    }

    /**
     * When a run last came to its end, swept or as a dry run, in milliseconds since 1970; if none has, when the first
     * was asked for; 0 if there was none.
     */
    public long succeededAt() {
        return succeededAt;
    }

    /** Ends a poll under way, or the next one, with a {@link org.apache.kafka.common.errors.WakeupException}. */
    public void wakeup() {
        log.wakeup();
    }

    @Override
    public void close() {
        log.close();
    }
}
