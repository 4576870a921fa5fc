package dev.tidemark.cli.client;

import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ProgressLine;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows a run on a cluster to its end, and shows how far it is. */
public final class FollowedRun {

    /** A sweeper lists all links once more for it. */
    private static final Duration LONGEST_VERIFICATION = Duration.ofMinutes(5);

    private final Terminal terminal;
    private final Output output;
    private final Cluster cluster;
    private final RunClient client;

    public FollowedRun(Terminal terminal, Output output, Cluster cluster, RunClient client) {
        this.terminal = terminal;
        this.output = output;
        this.cluster = cluster;
        this.client = client;
    }

    /** The run as it ended, verified if it has deleted anything; the phases are timed from now on. */
    public Run toEnd(Run run, Phases phases) {
        Run ended = ended(run, phases);
        if (ended.state() != Run.State.SWEPT || ended.sweep().deletions() == 0) {
            return ended;
        }
        output.progress(terminal).accept("verifying");
        Run verified = client.awaitVerified(ended, LONGEST_VERIFICATION);
        terminal.clearProgress();
        return verified;
    }

    private Run ended(Run run, Phases phases) {
        var interruption =
                new Thread(() -> terminal.lastLine("the run " + run.id() + " goes on: tidemark show " + run.id()));
        Runtime.getRuntime().addShutdownHook(interruption);
        try {
            Consumer<Run> note = latest -> phases.at(latest.state(), Instant.now());
            if (!output.showsProgress(terminal)) {
                return client.follow(run, note, Optional::empty);
            }
            try (var progress = new ClusterProgress(cluster)) {
                var line = new ProgressLine(terminal::progress, progress);
                return client.follow(
                        run,
                        note.andThen(latest -> line.show(latest, phases.current(), Instant.now())),
                        Optional::empty);
            }
        } finally {
            terminal.clearProgress();
            try {
                Runtime.getRuntime().removeShutdownHook(interruption);
            } catch (IllegalStateException e) {
                // The process has just been told to end, and the hook says so.
                Thread.currentThread().interrupt();
            }
        }
    }
}
