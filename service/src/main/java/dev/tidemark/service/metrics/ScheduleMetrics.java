package dev.tidemark.service.metrics;

import dev.tidemark.schemas.Run;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** The metrics of a process that collects by a schedule. It is told what happens, by one thread. */
public final class ScheduleMetrics {

    /** How a collection ended. */
    public enum Result {
        DONE,
        /** Its run, or one before it, waits for approval. */
        WAITING,
        FAILED
    }

    private record Seen(Run run, long changedAt) {}

    private final InstantSource clock;
    private final Map<Result, LongAdder> ended = new EnumMap<>(Result.class);
    private final LongAdder leftOut = new LongAdder();
    private volatile Instant success;
    private volatile Optional<Result> last = Optional.empty();
    private volatile Optional<Instant> next = Optional.empty();
    private volatile Optional<Seen> latest = Optional.empty();

    public ScheduleMetrics(InstantSource clock) {
        this.clock = clock;
        success = clock.instant();
        for (Result result : Result.values()) {
            ended.put(result, new LongAdder());
        }
    }

    /** The latest run is as it is from now on. */
    public void run(Run run) {
        if (latest.filter(seen -> seen.run() == run).isEmpty()) {
            run(run, clock.instant());
        }
    }

    /** The latest run is as it was at that time. */
    public void run(Run run, Instant changedAt) {
        latest = Optional.of(new Seen(run, changedAt.toEpochMilli()));
    }

    /** A collection before this process ended in success. */
    public void succeeded(Instant at) {
        success = at;
    }

    /** A collection has ended. */
    public void ended(Result result) {
        last = Optional.of(result);
        ended.get(result).increment();
        if (result == Result.DONE) {
            success = clock.instant();
        }
    }

    /** So many times have come while a collection was under way. */
    public void leftOut(int times) {
        leftOut.add(times);
    }

    /** The time that is waited for; empty if there is none. */
    public void next(Optional<Instant> time) {
        next = time;
    }

    /** The metrics of the latest run. */
    public RunMetrics ofRun() {
        return new RunMetrics(
                clock,
                () -> latest.map(Seen::run),
                () -> latest.map(Seen::changedAt).orElse(0L),
                () -> success.toEpochMilli());
    }

    public void bindTo(ServiceMetrics metrics) {
        for (Result result : Result.values()) {
            Tags named = Tags.of("result", result.name().toLowerCase(Locale.ROOT));
            metrics.counter(
                    "tidemark.schedule.collections",
                    "Collections of this process, by result",
                    named,
                    ended.get(result)::sum);
            metrics.gauge(
                    "tidemark.schedule.last",
                    "1 for the result of the last collection",
                    named,
                    () -> last.map(of -> of == result ? 1.0 : 0.0).orElse(Double.NaN));
        }
        metrics.counter(
                "tidemark.schedule.left.out",
                "Times of the schedule that came while a collection was under way",
                Tags.empty(),
                leftOut::sum);
        metrics.gauge(
                "tidemark.schedule.next.seconds",
                "Seconds until the next time of the schedule; below 0 once it has come",
                Tags.empty(),
                () -> next.map(time -> seconds(clock.instant(), time)).orElse(Double.NaN));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
