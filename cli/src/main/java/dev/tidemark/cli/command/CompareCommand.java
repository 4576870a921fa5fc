package dev.tidemark.cli.command;

import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.evidence.EvidenceRuns;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ComparisonText;
import dev.tidemark.evidence.compare.Comparison;
import dev.tidemark.evidence.compare.Comparison.Between;
import dev.tidemark.evidence.compare.RunComparer;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Says what happened between two runs.",
            "",
            "Lists what became eligible, was rescued, was freed or is new, and the repositories that grew.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  tidemark compare 20260101-030000             with the latest run",
            "  tidemark compare 20260101-030000 20260108-030000 --format json",
        })
public final class CompareCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Parameters(index = "0", paramLabel = "RUN1", description = "a run's id, as tidemark runs lists it, or latest")
    private String one;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "RUN2",
            defaultValue = "latest",
            description = "the other; whichever is earlier comes first")
    private String other;

    @Option(
            names = "--limit",
            order = 1,
            paramLabel = "N",
            defaultValue = "100",
            converter = Numbers.Count.class,
            description = "how much of each list the JSON document has")
    private int limit;

    @Mixin
    private Output output;

    @Mixin
    private EvidenceOptions options;

    public CompareCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        try (Evidence evidence = options.open(ofParent, terminal, output);
                var runs = new EvidenceRuns(evidence)) {
            RunId first = runs.decided(one);
            RunId second = runs.decided(other);
            if (first.equals(second)) {
                throw new UsageException("both are the run " + first + ": name two (tidemark runs lists them)");
            }
            RunId earlier = first.compareTo(second) < 0 ? first : second;
            RunId later = earlier.equals(first) ? second : first;
            int listed = output.json() ? limit : ComparisonText.LISTED;
            print(RunComparer.compare(
                    runs.index(earlier), runs.index(later), between(evidence.history(), earlier, later), listed));
            return ExitCode.DONE;
        }
    }

    private static List<Between> between(RunHistory history, RunId earlier, RunId later) {
        return history.all().stream()
                .map(RunHistory.Entry::run)
                .filter(run -> run.id().compareTo(earlier) > 0
                        && run.id().compareTo(later) < 0
                        && run.sweep().deletions() > 0)
                .map(run -> {
                    Tally blobs = run.sweep().deleted().getOrDefault(Kind.BLOB, Tally.NONE);
                    return new Between(run.id().toString(), blobs.count(), blobs.bytes());
                })
                .toList();
    }

    private void print(Comparison comparison) {
        output.print(comparison, () -> ComparisonText.of(comparison, terminal), terminal);
    }
}
