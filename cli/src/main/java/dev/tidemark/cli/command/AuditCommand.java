package dev.tidemark.cli.command;

import dev.tidemark.cli.evidence.Evidence;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.AuditJson;
import dev.tidemark.cli.text.AuditText;
import dev.tidemark.evidence.audit.Audit;
import dev.tidemark.evidence.audit.Verdict;
import dev.tidemark.evidence.index.RunIndex;
import dev.tidemark.schemas.Run;
import dev.tidemark.service.registry.NamedRegistry;
import dev.tidemark.storage.Storage;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code tidemark audit}. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = {
            "Proves a run by its records.",
            "",
            "A proof shows that all that was found is recorded, that the live digests were computed as the rules say, "
                    + "and that nothing was deleted that was not eligible, decided, and let through. The audit trusts "
                    + "neither the marker, whose work it does again in another way, nor what it has read of the run "
                    + "before.",
            ""
        },
        footer = {
            "",
            "Every exception is listed with its topic, partition and offset. Where retention has taken records, or "
                    + "they were never written, nothing can be proved: the audit says where, and what still can be. "
                    + "Alterations by somebody who rewrites whole topics, checksums and all, are seen with "
                    + "--verify-storage, as far as manifests are still there.",
            "",
            "Examples:",
            "  tidemark audit                         the latest run of the one registry",
            "  tidemark audit 20260131-235959 --registry /etc/docker/registry/config.yml",
            "  tidemark audit --registry /var/lib/registry --verify-storage",
            "  tidemark audit --bootstrap-servers kafka:9092 --format json"
        },
        exitCodeList = {"0:proved", "1:disproved, or the audit failed", ExitCode.USAGE_HELP, "4:cannot be proved"})
public final class AuditCommand implements Callable<Integer> {

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Mixin
    private RunArgument argument;

    @Option(
            names = "--verify-storage",
            order = 1,
            showDefaultValue = Visibility.NEVER,
            description = "read every manifest that is still there, and compare what it references with its record; "
                    + "needs --registry")
    private boolean verifyStorage;

    @Option(
            names = "--exceptions",
            order = 2,
            paramLabel = "N",
            defaultValue = "10",
            converter = Numbers.Count.class,
            description = "how many are printed as text")
    private int exceptions;

    @Mixin
    private Output output;

    @Mixin
    private EvidenceOptions options;

    public AuditCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        if (verifyStorage && options.registry().isEmpty()) {
            throw new UsageException("--verify-storage needs to know the storage: name the registry with --registry");
        }
        try (Evidence evidence = options.open(ofParent, terminal, output)) {
            Run run = evidence.run(argument.id());
            try (RunIndex index = evidence.newIndex(run.id())) {
                Audit audit = Audit.of(index);
                if (verifyStorage) {
                    verify(audit, options.registry().get());
                }
                if (output.json()) {
                    AuditJson.print(audit, terminal);
                } else if (!output.quiet()) {
                    AuditText.of(audit, exceptions, terminal).forEach(terminal.out()::println);
                }
                return exitCode(audit.verdict());
            }
        }
    }

    private void verify(Audit audit, Path registry) {
        NamedRegistry target = NamedRegistry.of(registry, System.getenv());
        target.doubt().ifPresent(terminal::error);
        try (Storage storage = target.open()) {
            audit.verify(storage, output.progress(terminal));
            terminal.clearProgress();
        }
    }

    private static int exitCode(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Proved proved -> ExitCode.DONE;
            case Verdict.Disproved disproved -> ExitCode.FAILED;
            case Verdict.Unprovable unprovable -> ExitCode.UNPROVABLE;
        };
    }
}
