package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.schedule.Collector;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Run;
import dev.tidemark.service.metrics.ScheduleMetrics;
import dev.tidemark.service.metrics.ScheduleMetrics.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * Collects as the command line says, whenever its time has come. Between collections nothing is open: other commands
 * can read the topics, and approve a run.
 */
final class ScheduledCollector implements Collector {

    private final Opening opening;
    private final Terminal terminal;
    private final InstantSource clock;
    private final ScheduleMetrics metrics;
    private Optional<Path> approval = Optional.empty();

    /** Opens the registry and its topics, and closes them again. */
    interface Opening {
        int with(ToIntFunction<CollectedRun> work);
    }

    ScheduledCollector(Opening opening, Terminal terminal, InstantSource clock, ScheduleMetrics metrics) {
        this.opening = opening;
        this.terminal = terminal;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    public void look() {
        opening.with(run -> {
            approval = Optional.of(run.pipeline().directory().approval());
            RunHistory history = RunHistory.read(run.pipeline().cluster());
            history.all().stream()
                    .filter(entry -> entry.run().state() == Run.State.SWEPT
                            || entry.run().state() == Run.State.DECIDED)
                    .map(RunHistory.Entry::last)
                    .max(Comparator.naturalOrder())
                    .ifPresent(metrics::succeeded);
            history.latest().ifPresent(entry -> metrics.run(entry.run(), entry.last()));
            run.waiting(clock.instant()).ifPresent(waiting -> told(waiting, run));
            return ExitCode.DONE;
        });
    }

    @Override
    public Result collect() {
        int exitCode = opening.with(run -> {
            approval = Optional.of(run.pipeline().directory().approval());
            forgetApproval();
            return run.waiting(clock.instant())
                    .map(waiting -> told(waiting, run))
                    .orElseGet(() -> run.make(new Phases(Instant.now()), metrics::run, (pipeline, ended) -> {}));
        });
        return switch (exitCode) {
            case ExitCode.DONE -> Result.DONE;
            case ExitCode.WAITING -> Result.WAITING;
            default -> Result.FAILED;
        };
    }

    /** A run that waits is not replaced by another, which would only wait as well. */
    private int told(Run waiting, CollectedRun run) {
        metrics.run(waiting);
        terminal.error("the run " + waiting.id() + " waits for approval, and nothing is collected until then: "
                + waiting.waiting().why() + ". Let it pass: " + run.pass().apply(waiting)
                + "; or end it, with cancel in the place of approve");
        return ExitCode.WAITING;
    }

    @Override
    public boolean approved() {
        return approval.filter(Files::exists).isPresent();
    }

    private void forgetApproval() {
        try {
            Files.deleteIfExists(approval.orElseThrow());
        } catch (IOException e) {
            throw new CollectionException(approval.get() + " cannot be removed: " + e, e);
        }
    }
}
