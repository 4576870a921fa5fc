package dev.tidemark.cli.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.cli.client.ClusterProgress;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.run.Aftermath;
import dev.tidemark.cli.run.NamedRun;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.Progress;
import dev.tidemark.cli.run.Summary;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ProgressLine;
import dev.tidemark.cli.text.RunText;
import dev.tidemark.cli.text.SummaryText;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code tidemark show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {"Prints one run: its state, how far it is, and its summary once there is one.", ""},
        footer = {
            "",
            "Examples:",
            "  tidemark show                                 the latest run of the one registry",
            "  tidemark show 20260131-235959 --registry /var/lib/registry",
            "  tidemark --bootstrap-servers kafka:9092 show --format json"
        })
public final class ShowCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Mixin
    private RunArgument argument;

    @Mixin
    private Output output;

    @Mixin
    private EvidenceOptions options;

    public ShowCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    /**
     * The document that {@code show --format json} prints of a run.
     *
     * @param reached when it came to each state
     * @param progress how far the phase is that it is in; null if it has ended, or that can't be told
     * @param why it failed or waits; null otherwise
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Shown(
            String run,
            String state,
            String by,
            Map<String, String> reached,
            Progress.Step progress,
            String why,
            Summary summary) {}

    @Override
    public Integer call() {
        try (Evidence evidence = options.open(ofParent, terminal, output)) {
            show(evidence);
        }
        return ExitCode.DONE;
    }

    private void show(Evidence evidence) {
        RunHistory.Entry entry = NamedRun.in(evidence.history(), argument.id());
        Run run = entry.run();
        var phases = Phases.of(entry);
        Progress.Step step = null;
        if (!run.ended()) {
            try (var progress = new ClusterProgress(evidence.cluster())) {
                step = evidence.read(() -> progress.awaited(run, phases.current()))
                        .orElse(null);
            }
        }
        String why = RunText.why(run);
        Summary summary = run.allDecided() ? Summary.of(run, phases, Aftermath.of(CacheAdvice.of(run))) : null;
        if (output.json()) {
            Output.printJson(
                    new Shown(
                            run.id().toString(),
                            run.state().word(),
                            run.requested().by(),
                            reached(entry),
                            step,
                            why,
                            summary),
                    terminal);
        } else if (!output.quiet()) {
            print(entry, step, why, phases, evidence.local());
            if (summary != null) {
                terminal.out().println();
                SummaryText.of(summary, terminal).forEach(terminal.out()::println);
            }
        }
    }

    private void print(RunHistory.Entry entry, Progress.Step step, String why, Phases phases, boolean local) {
        Run run = entry.run();
        terminal.out()
                .println(terminal.bold("run " + run.id()) + "  " + run.state().word()
                        + ", asked for by " + Terminal.clean(run.requested().by())
                        + (run.requested().approves() == null
                                ? ""
                                : ", on the strength of the dry run "
                                        + run.requested().approves()));
        reached(entry).forEach((state, at) -> terminal.out().println("  %-10s  %s".formatted(state, at)));
        if (step != null) {
            Duration elapsed = Duration.between(entry.last(), Instant.now());
            String phase = phases.current().name().toLowerCase(Locale.ROOT);
            terminal.out().println("  " + ProgressLine.line(phase, step, elapsed));
        }
        if (why != null) {
            terminal.out().println(terminal.bad("  " + Terminal.clean(why)));
        }
        if (run.state() == Run.State.WAITING) {
            terminal.out()
                    .println("  let it pass: tidemark approve " + run.id()
                            + (local ? ", which the next tidemark collect sweeps" : "")
                            + "; or end it: tidemark cancel "
                            + run.id());
        }
    }

    private static Map<String, String> reached(RunHistory.Entry entry) {
        var reached = new LinkedHashMap<String, String>();
        entry.reached().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .forEach(state ->
                        reached.put(state.getKey().word(), state.getValue().toString()));
        return reached;
    }
}
