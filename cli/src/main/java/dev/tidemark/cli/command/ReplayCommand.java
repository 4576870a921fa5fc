package dev.tidemark.cli.command;

import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.evidence.EvidenceRuns;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.ReplayText;
import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.policy.NotToldException;
import dev.tidemark.evidence.policy.Replay;
import dev.tidemark.evidence.policy.Replayed;
import dev.tidemark.report.page.ReplayPage;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.RunId;
import dev.tidemark.service.settings.PolicyFile;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark replay}. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Says what another policy would have deleted in past runs.",
            "",
            "It is worked out from the records of a run alone, as of the time at which the run was asked for, with its "
                    + "own options and holds. The registry is not touched. Anything that the records don't tell is "
                    + "said, and counts as kept.",
            "",
        },
        footer = {
            "",
            "Examples:",
            "  tidemark replay --policy policy.yml                    the latest run",
            "  tidemark replay 20261123-211839 --policy policy.yml --format json",
            "  tidemark replay --all --policy a.yml --policy b.yml --html kept.html",
            "  tidemark compare latest --policy policy.yml            image by image",
        })
public final class ReplayCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Parameters(
            paramLabel = "RUN",
            arity = "0..*",
            showDefaultValue = Visibility.NEVER,
            description = "the runs' ids, as tidemark runs lists them (default: latest)")
    private List<String> ids = List.of();

    @Option(
            names = "--policy",
            order = 1,
            required = true,
            paramLabel = "FILE",
            description = "the policy; several are replayed one after the other")
    private List<Path> files;

    @Option(
            names = "--all",
            order = 2,
            showDefaultValue = Visibility.NEVER,
            description = "replay every run that has decided and whose records are all there")
    private boolean all;

    @Option(
            names = "--html",
            order = 3,
            paramLabel = "FILE",
            description = "write it as a page, too: the bytes kept by policy and run as a chart, and the tags by rule")
    private Path html;

    @Option(
            names = "--limit",
            order = 4,
            paramLabel = "N",
            defaultValue = "100",
            converter = Numbers.Count.class,
            description = "how many of the rules the JSON document and the page have of each replay")
    private int limit;

    @Mixin
    private Output output;

    @Mixin
    private EvidenceOptions options;

    public ReplayCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        if (all && !ids.isEmpty()) {
            throw new UsageException("--all is every run, and runs are named as well: leave out one or the other");
        }
        Map<String, PolicyText> policies = new LinkedHashMap<>();
        files.forEach(file -> policies.put(file.toString(), PolicyFile.read(file)));
        Optional<WholeFile> page = Optional.ofNullable(html).map(WholeFile::new);
        try (Evidence evidence = options.open(ofParent, terminal, output);
                var runs = new EvidenceRuns(evidence)) {
            List<Replayed> results = new ArrayList<>();
            for (RunId run : runs(runs)) {
                results.addAll(replayed(evidence, run, policies));
            }
            terminal.clearProgress();
            if (results.isEmpty()) {
                throw new CollectionException("there is no run whose records are all there");
            }
            List<Replayed> listed =
                    results.stream().map(result -> result.listing(limit)).toList();
            page.ifPresent(file -> file.write(out -> out.write(ReplayPage.of(listed, Instant.now()))));
            output.print(listed, () -> text(results), terminal);
            return ExitCode.DONE;
        } catch (IndexException e) {
            throw new CollectionException(e.getMessage(), e);
        } finally {
            terminal.clearProgress();
        }
    }

    private List<String> text(List<Replayed> results) {
        List<String> lines = new ArrayList<>(ReplayText.of(results, terminal));
        if (html != null) {
            lines.addAll(List.of("", html + " shows it"));
        }
        return lines;
    }

    /** The earliest first. */
    private List<RunId> runs(EvidenceRuns known) {
        if (all) {
            return known.latestFirst().reversed();
        }
        return ids.isEmpty()
                ? List.of(known.decided("latest"))
                : ids.stream().map(known::decided).distinct().sorted().toList();
    }

    /** The result of a run itself, and its result with each policy. */
    private List<Replayed> replayed(Evidence evidence, RunId run, Map<String, PolicyText> policies) {
        List<Replayed> results = new ArrayList<>();
        try (RunIndex index = evidence.index(run)) {
            results.add(Replay.itself(index.connection()));
            policies.forEach((name, policy) -> {
                output.progress(terminal).accept("replaying " + run + " with " + name);
                try (Replay replay = Replay.of(index.connection(), Optional.of(policy))) {
                    results.add(replay.result(name));
                }
            });
            return results;
        } catch (NotToldException e) {
            if (!all) {
                throw new CollectionException(e.getMessage(), e);
            }
            terminal.error(e.getMessage() + ": left out");
            return List.of();
        }
    }
}
