package dev.tidemark.cli.command;

import dev.tidemark.cli.client.FollowedRun;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.run.NamedRun;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark approve}. */
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Lets a run go that waits for approval, or turns a dry run into a real one.",
            "",
            "The findings of a dry run are checked again, never trusted: a new run looks at the whole registry, and "
                    + "deletes what both of them found eligible, no more.",
            ""
        },
        footer = {"", "Example:", "  tidemark --bootstrap-servers kafka:9092 approve 20260131-235959"},
        exitCodeList = {
            ExitCode.DONE_HELP,
            ExitCode.FAILED_HELP,
            ExitCode.USAGE_HELP,
            ExitCode.UNVERIFIED_HELP,
            ExitCode.INTERRUPTED_HELP
        })
public final class ApproveCommand implements Callable<Integer> {

    /** An approval is the circuit breaker's own answer: it holds nothing back. */
    private static final int ALL = 100;

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Parameters(paramLabel = "RUN", description = "its id, as tidemark runs lists it")
    private String id;

    @Option(names = "--detach", order = 1, description = "don't follow it", showDefaultValue = Visibility.NEVER)
    private boolean detach;

    @Mixin
    private Output output;

    @Mixin
    private KafkaOptions kafka;

    public ApproveCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        return kafka.with(ofParent, Duration.ZERO, terminal, output, this::approve);
    }

    private int approve(Cluster cluster) {
        RunHistory history = RunHistory.read(cluster);
        Run run = NamedRun.in(history, id).run();
        Run latest = history.latest().orElseThrow().run();
        if (!latest.id().equals(run.id())) {
            throw new UsageException("the run " + latest.id() + " was asked for since, and what " + run.id()
                    + " found may be out of date: approve that one, or ask for another");
        }
        Instant now = Instant.now();
        try (var client = new RunClient(cluster)) {
            Run next = switch (run.state()) {
                case WAITING -> {
                    client.latest();
                    client.approve(run.id());
                    yield client.awaitApproval(run);
                }
                case DECIDED -> {
                    Options looked = run.requested().options();
                    yield client.request(
                            now,
                            new Options(looked.cutoff(), looked.deleteUntagged(), false, looked.leftovers()),
                            ALL,
                            RunClient.user(),
                            run.id(),
                            run.requested().repairsAll(),
                            run.requested().policy());
                }
                default ->
                    throw new UsageException(
                            "the run " + run.id() + " is " + run.state().word() + ": there is nothing to approve");
            };
            if (detach) {
                terminal.clearProgress();
                terminal.out().println(next.id());
                return ExitCode.DONE;
            }
            var phases = new Phases(now);
            phases.at(next.state(), Instant.now());
            Run ended = new FollowedRun(terminal, output, cluster, client).toEnd(next, phases);
            return new RunReport(terminal, output).print(ended, phases, "tidemark approve " + ended.id());
        }
    }
}
