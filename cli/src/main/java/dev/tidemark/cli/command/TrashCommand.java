package dev.tidemark.cli.command;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.run.Summary;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import dev.tidemark.sweeper.cache.CacheException;
import dev.tidemark.sweeper.trash.DeferredRecords;
import dev.tidemark.sweeper.trash.TrashKeeper;
import dev.tidemark.sweeper.trash.TrashReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark trash}. */
@Command(
        name = "trash",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Lists what runs have swept into a registry's trash, and empties it.",
            "",
            "The trash lies in the registry's root directory, in tidemark/trash. It takes room there until",
            "it is purged.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark trash list --by-repository /var/lib/registry",
            "  tidemark trash empty --older-than 7d /var/lib/registry",
            "  tidemark trash empty --run 20261129-030000 /var/lib/registry"
        })
public final class TrashCommand {

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    public TrashCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Lists each run's trash: files, bytes, and until when they are kept at least.",
            footer = {
                "",
                "Examples:",
                "  tidemark trash list /var/lib/registry",
                "  tidemark trash list --by-repository /var/lib/registry"
            })
    int list(
            @Parameters(
                            paramLabel = "REGISTRY",
                            description = "the registry's config.yml, or its storage root directory")
                    Path target,
            @Option(
                            names = "--by-repository",
                            description = "a line for each repository, and one for the run's blobs, which are of none")
                    boolean byRepository,
            @Mixin Output output) {
        try (var registry = TrashOfRegistry.open(target)) {
            return (byRepository ? RunTrash.BY_REPOSITORY : RunTrash.LIST)
                    .print(RunTrash.of(registry.trash(), byRepository), output, terminal);
        }
    }

    @Command(
            name = "empty",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Purges the trash, however long it was to be kept, and frees its room.",
                "",
                "Looks at the registry first: what was pushed or linked again since is brought back.",
                "All of this is recorded in the topics: on the cluster that is named, or in the data directory.",
                ""
            },
            footer = {
                "",
                "Examples:",
                "  tidemark trash empty --older-than 7d /var/lib/registry",
                "  tidemark trash empty --run 20261129-030000 /var/lib/registry"
            })
    int empty(
            @Parameters(
                            paramLabel = "REGISTRY",
                            description = "the registry's config.yml, or its storage root directory")
                    Path target,
            @Option(names = "--run", paramLabel = "RUN", description = "only what this run has swept")
                    Optional<String> run,
            @Option(
                            names = "--older-than",
                            paramLabel = "DURATION",
                            defaultValue = "0",
                            showDefaultValue = Visibility.NEVER,
                            converter = RunOptions.DurationConverter.class,
                            description = "only what has been in the trash for longer")
                    Duration olderThan,
            @Option(
                            names = "--settle",
                            paramLabel = "DURATION",
                            defaultValue = TrashOptions.SETTLE,
                            showDefaultValue = Visibility.NEVER,
                            converter = RunOptions.DurationConverter.class,
                            description = "leave what has been in the trash for less: it may be pushed right now "
                                    + "(default: 30s)")
                    Duration settle,
            @Option(names = "--data-dir", paramLabel = "DIR", description = UndoCommand.DATA_DIR)
                    Optional<Path> dataDir,
            @Mixin Output output,
            @Mixin KafkaOptions kafka) {
        Optional<RunId> only = run.map(NamedTrash::run);
        Optional<Connection> cluster = kafka.named(ofParent, System.getenv());
        var records = new DeferredRecords(CurrentUser.name() + " (tidemark trash empty)");
        try (var registry = TrashOfRegistry.openToEmpty(target, dataDir, terminal);
                TrashKeeper keeper = TrashKeeper.recordingLater(
                        registry.storage(), registry.trash(), settle, registry.cache(), records)) {
            only.ifPresent(id -> NamedTrash.require(registry.trash(), id));
            TrashReport report;
            try {
                if (registry.cache().isPresent() && !keeper.empty()) {
                    forget(keeper, settle, output.progress(terminal));
                }
                report = keeper.empty(id -> only.isEmpty() || only.get().equals(id), olderThan, () -> true)
                        .orElseThrow();
            } finally {
                new TrashTopics(terminal, output, cluster, registry.directory()).record(records);
            }
            output.print(Summary.Trash.of(report), () -> List.of(words(report)), terminal);
            if (report.failed() > 0) {
                terminal.failure(Counted.of(report.failed(), "file") + " could not be deleted from the trash");
                return ExitCode.FAILED;
            }
            return ExitCode.DONE;
        }
    }

    /** The registry may have said until now that it has what lies in the trash. */
    private static void forget(TrashKeeper keeper, Duration settle, Consumer<String> progress) {
        progress.accept("telling the registry's cache, and settling");
        try {
            keeper.forget();
            Thread.sleep(keeper.settled(settle));
        } catch (CacheException e) {
            throw new CollectionException("nothing is purged: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CollectionException("interrupted before the look: nothing is purged", e);
        }
    }

    private static String words(TrashReport report) {
        return "%s purged, %s freed; %s restored; %s left, %s."
                .formatted(
                        Counted.of(report.purged().count(), "file"),
                        Units.bytes(report.purged().bytes()),
                        Counted.of(report.restored().count(), "file"),
                        Counted.of(report.left().count(), "file"),
                        Units.bytes(report.left().bytes()));
    }
}
