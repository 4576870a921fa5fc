package dev.tidemark.cli.command;

import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.RunText;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.text.Units;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code tidemark runs}. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {"Lists the runs that a registry's topics remember, the latest first.", ""},
        footer = {
            "",
            "Of OPTIONS, -d is a dry run, -m --delete-untagged, -p --policy. A state with a ! has failed deletions.",
            "",
            "Examples:",
            "  tidemark runs                                 of the one registry that was collected",
            "  tidemark runs --registry /var/lib/registry --limit 3",
            "  tidemark --bootstrap-servers kafka:9092 runs --format json"
        })
public final class RunsCommand implements Callable<Integer> {

    private static final PrintedList<Line> LIST = new PrintedList<>(
            "no run yet: tidemark collect --dry-run makes one, and tidemark run --dry-run asks the "
                    + "services on a cluster for one",
            3,
            List.of("RUN", "STATE", "OPTIONS", "BLOBS", "ELIGIBLE", "BYTES", "FREED", "TOOK"),
            RunsCommand::cells,
            line -> line.state().equals("failed") || line.failures() > 0);

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Option(
            names = "--limit",
            order = 1,
            paramLabel = "N",
            defaultValue = "20",
            converter = Numbers.Count.class,
            description = "how many at most; 0 for all")
    private int limit;

    @Mixin
    private Output output;

    @Mixin
    private EvidenceOptions options;

    public RunsCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    /**
     * A run in a list.
     *
     * @param eligible blobs
     * @param eligibleBytes of them
     * @param why it failed or waits; null otherwise
     */
    record Line(
            String run,
            String state,
            boolean dryRun,
            boolean deleteUntagged,
            boolean policy,
            String by,
            String requested,
            Double seconds,
            long blobs,
            long eligible,
            long eligibleBytes,
            long bytesFreed,
            long failures,
            String why) {

        static Line of(RunHistory.Entry entry) {
            Run run = entry.run();
            var requested = run.requested();
            Double seconds = run.ended()
                    ? Duration.between(Instant.ofEpochMilli(requested.at()), entry.last())
                                    .toMillis()
                            / 1000.0
                    : null;
            return new Line(
                    run.id().toString(),
                    run.state().word(),
                    requested.options().dryRun(),
                    requested.options().deleteUntagged(),
                    requested.policy() != null,
                    requested.by(),
                    Instant.ofEpochMilli(requested.at()).toString(),
                    seconds,
                    run.enumerated() == null ? 0 : run.enumerated().blobs(),
                    run.totals().eligible().count(),
                    run.totals().eligible().bytes(),
                    run.sweep().bytesFreed(),
                    run.sweep().failures(),
                    RunText.why(run));
        }
    }

    @Override
    public Integer call() {
        List<RunHistory.Entry> entries;
        try (Evidence evidence = options.open(ofParent, terminal, output)) {
            entries = new ArrayList<>(evidence.history().all());
        }
        Collections.reverse(entries);
        List<Line> lines = entries.stream()
                .limit(limit <= 0 ? Long.MAX_VALUE : limit)
                .map(Line::of)
                .toList();
        return LIST.print(lines, output, terminal);
    }

    private static List<String> cells(Line line) {
        String options =
                (line.dryRun() ? "-d " : "") + (line.deleteUntagged() ? "-m " : "") + (line.policy() ? "-p" : "");
        return List.of(
                line.run(),
                line.state() + (line.failures() > 0 ? "!" : ""),
                options.strip(),
                Units.number(line.blobs()),
                Units.number(line.eligible()),
                Units.bytes(line.eligibleBytes()),
                Units.bytes(line.bytesFreed()),
                line.seconds() == null ? "" : Units.elapsed(Duration.ofMillis(Math.round(line.seconds() * 1000))));
    }
}
