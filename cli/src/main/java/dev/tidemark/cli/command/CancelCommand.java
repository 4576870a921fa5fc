package dev.tidemark.cli.command;

import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.client.RunClient;
import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.kafka.Cluster;
import dev.tidemark.schemas.Run;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {"Ends a run: nothing (more) of it is deleted.", ""},
        footer = {
            "",
            "Examples:",
            "  tidemark --bootstrap-servers kafka:9092 cancel latest",
            "  tidemark cancel 20260131-235959 --registry /var/lib/registry"
        },
        exitCodeList = {"0:the run is cancelled", "1:failed, or the run came to another end first", ExitCode.USAGE_HELP
        })
public final class CancelCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Parameters(paramLabel = "RUN", description = "its id, as tidemark runs lists it; or latest")
    private String id;

    @Mixin
    private Output output;

    @Mixin
    private EvidenceOptions options;

    public CancelCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        try (Evidence evidence = options.open(ofParent, terminal, output)) {
            Run run = evidence.run(id);
            return evidence.read(() -> cancel(run, evidence.cluster()));
        }
    }

    private int cancel(Run run, Cluster cluster) {
        if (run.ended() && run.state() != Run.State.WAITING) {
            throw new UsageException("the run " + run.id() + " has ended already: it is "
                    + run.state().word());
        }
        try (var client = new RunClient(cluster)) {
            client.latest();
            client.cancel(run.id(), "by " + CurrentUser.name());
            Run ended = client.awaitEnd(run);
            terminal.clearProgress();
            if (!output.quiet()) {
                terminal.out()
                        .println(
                                "the run " + ended.id() + " is " + ended.state().word());
            }
            return ended.state() == Run.State.CANCELLED ? ExitCode.DONE : ExitCode.FAILED;
        }
    }
}
