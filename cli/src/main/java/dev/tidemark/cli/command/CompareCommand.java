package dev.tidemark.cli.command;

import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.evidence.EvidenceRuns;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ComparisonText;
import dev.tidemark.evidence.compare.Comparison;
import dev.tidemark.evidence.compare.Comparison.Between;
import dev.tidemark.evidence.compare.RunComparer;
import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.policy.NotToldException;
import dev.tidemark.evidence.policy.Replay;
import dev.tidemark.kafka.run.RunHistory;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.service.settings.PolicyFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
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
            "Lists what became eligible, was rescued, was freed or is new, and the repositories that grew. With a "
                    + "policy, it compares a run with what that policy would have done (tidemark replay).",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  tidemark compare 20260101-030000             with the latest run",
            "  tidemark compare 20260101-030000 20260108-030000 --format json",
            "  tidemark compare latest --policy policy.yml  with what that policy would do",
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
            description = "the other (default: latest); whichever is earlier comes first")
    private String other;

    @Option(
            names = "--policy",
            order = 1,
            paramLabel = "FILE",
            description = "compare RUN1 with its replay: what would go with this policy, and what would stay")
    private Path policy;

    @Option(
            names = "--limit",
            order = 2,
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
        if (policy != null && other != null) {
            throw new UsageException("--policy compares one run with its replay: name no other run");
        }
        Optional<PolicyText> text = Optional.ofNullable(policy).map(PolicyFile::read);
        try (Evidence evidence = options.open(ofParent, terminal, output);
                var runs = new EvidenceRuns(evidence)) {
            if (text.isPresent()) {
                replayed(runs.index(runs.decided(one)), text.get());
            } else {
                runs(evidence, runs);
            }
            return ExitCode.DONE;
        }
    }

    /** One run, as it was recorded, beside what it would have been with the policy. */
    private void replayed(Connection run, PolicyText text) {
        try (Replay recorded = Replay.recorded(run);
                Replay replay = Replay.of(run, Optional.of(text))) {
            print(RunComparer.compare(recorded.connection(), replay.connection(), List.of(), listed())
                    .replay(policy.toString(), replay.caution()));
        } catch (NotToldException | IndexException e) {
            throw new CollectionException(e.getMessage(), e);
        }
    }

    private void runs(Evidence evidence, EvidenceRuns runs) {
        RunId first = runs.decided(one);
        RunId second = runs.decided(Optional.ofNullable(other).orElse("latest"));
        if (first.equals(second)) {
            throw new UsageException("both are the run " + first + ": name two (tidemark runs lists them)");
        }
        RunId earlier = first.compareTo(second) < 0 ? first : second;
        RunId later = earlier.equals(first) ? second : first;
        print(RunComparer.compare(
                runs.index(earlier), runs.index(later), between(evidence.history(), earlier, later), listed()));
    }

    private int listed() {
        return output.json() ? limit : ComparisonText.LISTED;
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
