package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.local.LocalPipeline;
import dev.tidemark.cli.run.Aftermath;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ProgressLine;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.config.CacheSettings;
import dev.tidemark.sweeper.cache.RegistryCache;
import dev.tidemark.sweeper.cache.Replicas;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.sweeper.trash.TrashReport;
import dev.tidemark.sweeper.trash.TrashRetention;
import dev.tidemark.sweeper.verify.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A run of this process: asked for, or taken up once it was approved, followed to its end, looked after and told.
 *
 * @param plan the file that its eligible records go to, if any
 * @param pass the command that lets it go if it waits
 */
record CollectedRun(
        Terminal terminal,
        Output output,
        RunOptions options,
        LocalPipeline pipeline,
        Optional<PolicyText> policy,
        Optional<PlanFile> plan,
        TrashRetention retention,
        CacheSettings cache,
        Optional<Replicas> replicas,
        Function<Run, String> pass) {

    /**
     * Makes it.
     *
     * @param changed takes the run as it is, again and again
     * @param look at the run once it has ended, while its topics are there
     * @return the exit code
     */
    int make(Phases phases, Consumer<Run> changed, BiConsumer<LocalPipeline, Run> look) {
        Supplier<Optional<RegistryCache>> openCache = () -> RegistryCache.of(cache, replicas, pipeline.storage());
        var interruption = Interruption.await(pipeline, terminal, output, options.dryRun());
        Run run;
        Optional<TrashReport> trashed = Optional.empty();
        List<String> troubles = new ArrayList<>();
        try (TrashKeeper keeper = options.dryRun()
                ? null
                : pipeline.trash(retention.settle(), openCache).orElse(null)) {
            Optional<TrashStep> trash = Optional.ofNullable(keeper)
                    .map(open -> new TrashStep(
                            open, retention.settle(), () -> !interruption.begun(), output.progress(terminal)));
            Run begun = begin(phases, trash, openCache);
            interruption.of(begun.id());
            run = follow(begun, phases, changed, interruption);
            var afterSweep = new AfterSweep(pipeline, trash, () -> !interruption.begun(), troubles::add);
            if (trash.isPresent()) {
                phases.settling(Instant.now());
                trashed = afterSweep.look(run);
            }
            if (Verification.needed(run) && !interruption.begun()) {
                output.progress(terminal).accept("verifying");
                run = afterSweep.verified(run);
            }
            phases.at(run.state(), Instant.now());
            changed.accept(run);
            Run ended = run;
            look.accept(pipeline, ended);
            plan.filter(p -> ended.allDecided())
                    .flatMap(p -> p.write(pipeline.cluster(), ended))
                    .ifPresent(troubles::add);
        } catch (RuntimeException e) {
            if (interruption.begun()) {
                return ExitCode.FAILED;
            }
            throw e;
        } finally {
            interruption.forget();
        }
        return interruption.begun()
                ? ExitCode.FAILED
                : new RunReport(terminal, output)
                        .print(
                                run,
                                phases,
                                new Aftermath(
                                        trashed,
                                        TrashAdvice.of(pipeline.storage(), retention, run),
                                        options.leftovers().note(),
                                        CacheAdvice.of(cache, replicas.isPresent(), run)),
                                run.allDecided() ? pass.apply(run) : "",
                                troubles);
    }

    /** Takes up the run that was approved, if there is one and this is no dry run, or asks for another. */
    private Run begin(Phases phases, Optional<TrashStep> trash, Supplier<Optional<RegistryCache>> openCache) {
        Optional<Run> approved = pipeline.latest()
                .filter(run -> run.approved() && run.state() == Run.State.SWEEPING && !options.dryRun());
        if (approved.isPresent()) {
            Run run = approved.get();
            if (!output.quiet()) {
                terminal.error("the run " + run.id() + ", approved by "
                        + run.approval().by() + ", is swept");
            }
            pipeline.sweep(retention, openCache);
            phases.at(run.state(), Instant.now());
            return run;
        }
        trash.ifPresent(TrashStep::before);
        Instant now = Instant.now();
        Run requested = pipeline.request(
                now,
                options.at(now),
                options.maxDelete(),
                options.repair(),
                policy,
                options.keepDangling(),
                retention,
                cache,
                openCache);
        phases.requested(Instant.now());
        return requested;
    }

    /**
     * The run that waits for its approval, if it was asked for as another one would be now, and its records are still
     * there.
     */
    Optional<Run> waiting(Instant now) {
        return pipeline.latest()
                .filter(run -> run.state() == Run.State.WAITING && askedForAlike(run.requested()))
                .filter(run ->
                        now.isBefore(Instant.ofEpochMilli(run.requested().at()).plus(pipeline.retention())));
    }

    private boolean askedForAlike(Requested request) {
        return request.maxDelete() == options.maxDelete()
                && request.options().equals(options.at(Instant.ofEpochMilli(request.at())))
                && request.repairsAll() == options.repair()
                && request.keepsDangling() == options.keepDangling()
                && Objects.equals(request.policy(), policy.orElse(null));
    }

    private Run follow(Run begun, Phases phases, Consumer<Run> changed, Interruption interruption) {
        var progress = new ProgressLine(output.progress(terminal), pipeline.progress());
        try {
            return pipeline.follow(begun, run -> {
                changed.accept(run);
                phases.at(run.state(), Instant.now());
                if (!interruption.begun()) {
                    progress.show(run, phases.current(), Instant.now());
                }
            });
        } finally {
            if (!interruption.begun()) {
                terminal.clearProgress();
            }
        }
    }
}
