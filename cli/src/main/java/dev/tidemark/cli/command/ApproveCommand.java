package dev.tidemark.cli.command;

import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.client.FollowedRun;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.CollectionException;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
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
            "",
            "On one machine, only a run that waits can be approved. The tidemark collect --schedule that made it "
                    + "sweeps it within a minute; otherwise the next tidemark collect does.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark --bootstrap-servers kafka:9092 approve 20260131-235959",
            "  tidemark approve 20260131-235959 --registry /var/lib/registry"
        },
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

    @Parameters(paramLabel = "RUN", description = "its id, as tidemark runs lists it; or latest")
    private String id;

    @Option(names = "--detach", order = 1, description = "don't follow it", showDefaultValue = Visibility.NEVER)
    private boolean detach;

    @Mixin
    private Output output;

    @Mixin
    private EvidenceOptions options;

    public ApproveCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        Run run;
        Optional<Path> approval;
        try (Evidence evidence = options.open(ofParent, terminal, output)) {
            run = approvable(evidence.history());
            if (!evidence.local()) {
                return onCluster(run, evidence);
            }
            requireWaiting(run);
            approve(run, evidence);
            approval = evidence.approval();
        }
        // Not before the topics are closed: whoever waits for this opens them.
        approval.ifPresent(ApproveCommand::create);
        if (!output.quiet() && !output.json()) {
            terminal.out().println("the run " + run.id() + " is approved: tidemark collect sweeps it");
        }
        return ExitCode.DONE;
    }

    private int onCluster(Run run, Evidence evidence) {
        return evidence.read(() -> approve(run, evidence.cluster()));
    }

    private static void approve(Run run, Evidence evidence) {
        evidence.read(() -> {
            try (var client = new RunClient(evidence.cluster())) {
                return approved(run, client);
            }
        });
    }

    private Run approvable(RunHistory history) {
        Run run = NamedRun.in(history, id).run();
        Run latest = history.latest().orElseThrow().run();
        if (!latest.id().equals(run.id())) {
            throw new UsageException("the run " + latest.id() + " was asked for since, and what " + run.id()
                    + " found may be out of date: approve that one, or ask for another");
        }
        return run;
    }

    private static void requireWaiting(Run run) {
        if (run.state() == Run.State.DECIDED) {
            throw new UsageException("the run " + run.id()
                    + " is a dry run: on one machine, type its tidemark collect again, without --dry-run");
        }
        if (run.state() != Run.State.WAITING) {
            throw nothingToApprove(run);
        }
    }

    private static UsageException nothingToApprove(Run run) {
        return new UsageException(
                "the run " + run.id() + " is " + run.state().word() + ": there is nothing to approve");
    }

    private static Run approved(Run run, RunClient client) {
        client.latest();
        client.approve(run.id());
        return client.awaitApproval(run);
    }

    private static void create(Path file) {
        try {
            Files.writeString(file, "");
        } catch (IOException e) {
            throw new CollectionException(
                    "the run is approved, and the next tidemark collect sweeps it; " + file + " cannot be written: "
                            + e,
                    e);
        }
    }

    private int approve(Run run, Cluster cluster) {
        Instant now = Instant.now();
        try (var client = new RunClient(cluster)) {
            Run next = switch (run.state()) {
                case WAITING -> approved(run, client);
                case DECIDED -> {
                    Options looked = run.requested().options();
                    yield client.request(
                            now,
                            new Options(looked.cutoff(), looked.deleteUntagged(), false, looked.leftovers()),
                            ALL,
                            CurrentUser.name(),
                            run.id(),
                            run.requested().repairsAll(),
                            run.requested().policy(),
                            run.requested().keepsDangling());
                }
                default -> throw nothingToApprove(run);
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
