package dev.tidemark.service.metrics;

import dev.tidemark.schemas.Run;
import dev.tidemark.sweeper.verify.Verification;
import io.micrometer.core.instrument.Tags;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The metrics of the latest run, which every service has, and a process that collects by a schedule. */
public final class RunMetrics {

    private final InstantSource clock;
    private final Supplier<Optional<Run>> latest;
    private final LongSupplier changedAt;
    private final LongSupplier succeededAt;

    /**
     * @param changedAt when the latest run last changed, in ms since the epoch
     * @param succeededAt when a run last came to its end, in ms since the epoch; 0 if none is known
     */
    public RunMetrics(
            InstantSource clock, Supplier<Optional<Run>> latest, LongSupplier changedAt, LongSupplier succeededAt) {
        this.clock = clock;
        this.latest = latest;
        this.changedAt = changedAt;
        this.succeededAt = succeededAt;
    }

    public void bindTo(ServiceMetrics metrics) {
        for (Run.State state : Run.State.values()) {
            metrics.gauge(
                    "tidemark.run.phase",
                    "1 for the state that the latest run is in",
                    Tags.of("phase", state.word()),
                    () -> of(run -> run.state() == state ? 1 : 0));
        }
        metrics.gauge(
                "tidemark.run.age.seconds",
                "Seconds since the latest run was asked for",
                Tags.empty(),
                () -> of(run -> (clock.millis() - run.requested().at()) / 1000.0));
        metrics.gauge(
                "tidemark.run.duration.seconds",
                "Seconds that the latest run has taken, or took",
                Tags.empty(),
                this::duration);
        metrics.gauge(
                "tidemark.run.success.age.seconds",
                "Seconds since a run last came to its end, swept or as a dry run; if none has, since the first was asked for,"
                        + " or since a process collects by a schedule",
                Tags.empty(),
                this::sinceSuccess);
        digests(
                metrics,
                "seen",
                "Blobs that the latest run found",
                run -> run.enumerated() == null ? Double.NaN : run.enumerated().blobs(),
                run -> run.enumerated() == null ? Double.NaN : run.enumerated().bytes());
        digests(
                metrics,
                "live",
                "Blobs that the latest run keeps",
                run -> decided(run, run.totals().live().count()),
                run -> decided(run, run.totals().live().bytes()));
        digests(
                metrics,
                "eligible",
                "Blobs that the latest run found eligible",
                run -> decided(run, run.totals().eligible().count()),
                run -> decided(run, run.totals().eligible().bytes()));
        metrics.gauge(
                "tidemark.run.eligible.records",
                "Records that the latest run is to sweep",
                Tags.empty(),
                () -> of(run -> decided(run, run.totals().eligibleRecords())));
        metrics.gauge(
                "tidemark.run.bytes.freed",
                "Bytes that the latest run has freed, of the partitions that are done",
                Tags.empty(),
                () -> of(run -> run.sweep().bytesFreed()));
        metrics.gauge(
                "tidemark.run.failures",
                "Deletions that failed in the latest run, of the partitions that are done",
                Tags.empty(),
                () -> of(run -> run.sweep().failures()));
        metrics.gauge(
                "tidemark.run.lost",
                "Files that the latest run has deleted and live manifests need, as its verification has found",
                Tags.empty(),
                () -> of(Run::lost));
        metrics.gauge(
                "tidemark.run.unverified",
                "1 if the latest run may have deleted something, and nobody has verified it yet",
                Tags.empty(),
                () -> of(run -> Verification.outstanding(run) ? 1 : 0));
    }

    private void digests(
            ServiceMetrics metrics,
            String what,
            String meaning,
            ToDoubleFunction<Run> count,
            ToDoubleFunction<Run> bytes) {
        metrics.gauge("tidemark.digests." + what, meaning, Tags.empty(), () -> of(count));
        metrics.gauge("tidemark.digests." + what + ".bytes", meaning + ", in bytes", Tags.empty(), () -> of(bytes));
    }

    private static double decided(Run run, double value) {
        return run.allDecided() ? value : Double.NaN;
    }

    private double of(ToDoubleFunction<Run> value) {
        return latest.get().map(value::applyAsDouble).orElse(Double.NaN);
    }

    private double sinceSuccess() {
        long at = succeededAt.getAsLong();
        return at == 0 ? Double.NaN : (clock.millis() - at) / 1000.0;
    }

    private double duration() {
        return of(run -> ((run.ended() ? changedAt.getAsLong() : clock.millis())
                        - run.requested().at())
                / 1000.0);
    }
}
