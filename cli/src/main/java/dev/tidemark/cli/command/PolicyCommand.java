package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.TagGroupText;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.evidence.policy.TagGroup;
import dev.tidemark.evidence.policy.TagGroups;
import dev.tidemark.policy.PolicyImport;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.service.settings.PolicyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark policy}. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Checks policies, tries them, and translates those of other registries.",
            "",
            "A policy says which tags and untagged manifests 'tidemark collect --policy FILE' deletes.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark policy check policy.yml",
            "  tidemark policy try policy.yml /var/lib/registry",
            "  tidemark policy import --from harbor --repositories 'team/**' retention.json > policy.yml"
        })
public final class PolicyCommand {

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    public PolicyCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {"Checks a policy: each fault is a line, with its line in the file.", ""},
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {ExitCode.DONE_HELP, ExitCode.USAGE_HELP},
            footer = {"", "Example:", "  tidemark policy check policy.yml"})
    int check(@Parameters(paramLabel = "FILE", description = "the policy") Path file) {
        PolicyText policy = PolicyFile.read(file);
        terminal.out().println(file + " is a policy: " + policy.digest());
        return ExitCode.DONE;
    }

    @Command(
            name = "try",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Says what a policy would delete now: a dry run, and the tags by repository and rule, with the bytes "
                        + "that they free.",
                "",
                "With --format json, only the tags are printed. 'tidemark report' shows them as a page.",
                ""
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {ExitCode.DONE_HELP, ExitCode.FAILED_HELP, ExitCode.USAGE_HELP, ExitCode.INTERRUPTED_HELP},
            footer = {"", "Example:", "  tidemark policy try policy.yml /var/lib/registry"})
    int tryOut(
            @Parameters(index = "0", paramLabel = "FILE", description = "the policy") Path file,
            @Parameters(
                            index = "1",
                            paramLabel = "REGISTRY",
                            description = "the registry's config.yml, or its storage root directory")
                    Path registry,
            @Mixin TryOptions options,
            @Mixin Output output) {
        List<String> words = new ArrayList<>(List.of("--dry-run", "--policy", file.toString()));
        words.addAll(options.words());
        if (output.json() || output.quiet()) {
            words.add("--quiet");
        }
        words.add(registry.toString());
        var collect = new CollectCommand(terminal, ofParent);
        new CommandLine(collect).parseArgs(words.toArray(String[]::new));
        List<TagGroup> groups = new ArrayList<>();
        int exitCode = collect.call((pipeline, run) -> {
            if (run.allDecided()) {
                try (RunIndex index =
                        RunIndex.open(pipeline.directory().index(), pipeline.cluster(), run.id(), read -> {})) {
                    groups.addAll(TagGroups.of(index.connection()));
                }
            }
        });
        if (exitCode == ExitCode.DONE) {
            output.print(groups, () -> TagGroupText.lines(groups, terminal), terminal);
        }
        return exitCode;
    }

    @Command(
            name = "import",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Translates the retention rules of another registry, and prints a policy.",
                "",
                "No tag goes by it that the rules keep; its comments say what can't be said in a policy.",
                ""
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {ExitCode.DONE_HELP, ExitCode.USAGE_HELP},
            footer = {
                "",
                "Examples:",
                "  tidemark policy import --from zot config.json",
                "  tidemark policy import --from ecr --repositories 'team/app' lifecycle.json"
            })
    int translate(
            @Option(
                            names = "--from",
                            order = 1,
                            required = true,
                            paramLabel = "REGISTRY",
                            description = "whose rules they are: ${COMPLETION-CANDIDATES}")
                    PolicyImport.From from,
            @Option(
                            names = "--repositories",
                            order = 2,
                            paramLabel = "GLOB",
                            description = "the repositories that the rules are for; zot's rules name them")
                    Optional<String> repositories,
            @Parameters(paramLabel = "FILE", description = "the rules, as JSON or YAML") Path file) {
        terminal.out().print(PolicyFile.translate(file, from, repositories.orElse(null)));
        return ExitCode.DONE;
    }
}
