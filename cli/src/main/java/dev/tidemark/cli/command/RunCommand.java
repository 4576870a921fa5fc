package dev.tidemark.cli.command;

import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.client.FollowedRun;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.run.Aftermath;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code tidemark run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Asks the services on a Kafka cluster for a run, and follows it to its end.",
            "",
            "Look first with --dry-run: it changes nothing, and tidemark approve turns it into a real run.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark --bootstrap-servers kafka:9092 run --dry-run --delete-untagged",
            "  tidemark --bootstrap-servers kafka:9092 run --delete-untagged --detach"
        },
        exitCodeList = {
            ExitCode.DONE_HELP,
            ExitCode.FAILED_HELP,
            ExitCode.USAGE_HELP,
            ExitCode.WAITING_HELP,
            ExitCode.UNVERIFIED_HELP,
            ExitCode.INTERRUPTED_HELP
        })
public final class RunCommand implements Callable<Integer> {

    /** The services, which make the topics, may have been started just before this command. */
    private static final Duration SERVICES_START = Duration.ofMinutes(1);

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Mixin
    private RunOptions options;

    @Option(
            names = "--plan",
            order = 10,
            paramLabel = "FILE",
            description = "write what is eligible to a file, as JSON Lines")
    private Path planFile;

    @Option(
            names = "--detach",
            order = 11,
            showDefaultValue = Visibility.NEVER,
            description = "ask for it, print its id, and don't follow it")
    private boolean detach;

    @Mixin
    private Output output;

    @Mixin
    private KafkaOptions kafka;

    public RunCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        if (detach && planFile != null) {
            throw new UsageException("--plan needs the run's end, and --detach doesn't wait for it: name one of them");
        }
        Optional<PlanFile> plan =
                Optional.ofNullable(planFile).map(WholeFile::new).map(PlanFile::new);
        Optional<PolicyText> policy = options.policy();
        return kafka.with(ofParent, SERVICES_START, terminal, output, cluster -> run(cluster, policy, plan));
    }

    private int run(Cluster cluster, Optional<PolicyText> policy, Optional<PlanFile> plan) {
        output.progress(terminal).accept("asking for a run");
        Instant now = Instant.now();
        var phases = new Phases(now);
        try (var client = new RunClient(cluster)) {
            Run run = client.request(
                    now,
                    options.at(now),
                    options.maxDelete(),
                    CurrentUser.name(),
                    null,
                    options.repair(),
                    policy.orElse(null),
                    options.keepDangling());
            if (detach) {
                terminal.clearProgress();
                terminal.out().println(run.id());
                return ExitCode.DONE;
            }
            phases.requested(Instant.now());
            Run ended = new FollowedRun(terminal, output, cluster, client).toEnd(run, phases);
            List<String> troubles =
                    plan.filter(file -> ended.allDecided()).flatMap(file -> file.write(cluster, ended)).stream()
                            .toList();
            return new RunReport(terminal, output)
                    .print(
                            ended,
                            phases,
                            Aftermath.of(CacheAdvice.of(ended)),
                            "tidemark approve " + ended.id(),
                            troubles);
        }
    }
}
