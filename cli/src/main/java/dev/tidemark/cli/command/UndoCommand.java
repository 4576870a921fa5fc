package dev.tidemark.cli.command;

import dev.tidemark.cli.client.Connection;
import dev.tidemark.cli.client.CurrentUser;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.exit.UsageException;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.RepositoryGlob;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Durations;
import dev.tidemark.schemas.text.Units;
import dev.tidemark.sweeper.trash.DeferredRecords;
import dev.tidemark.sweeper.undo.Undo;
import dev.tidemark.sweeper.undo.UndoFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code tidemark undo}. */
@Command(
        name = "undo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Brings back what a run has swept, as long as the trash has it.",
            "",
            "With --repository or --digest, only what they name, and all that it leads to: a manifest's config, layers",
            "and images, and the repository's links to them. With both, what both name.",
            "Files that come back count as pushed now: the next run's --min-age keeps them. Their manifests are held",
            "for a week, on the cluster that is named, or in the registry's data directory. The undo is recorded",
            "there, too.",
            "A file that is there again is left as it is.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark undo --dry-run 20261129-030000 /var/lib/registry",
            "  tidemark undo 20261129-030000 /etc/docker/registry/config.yml",
            "  tidemark undo --repository 'team/**' 20261129-030000 /var/lib/registry"
        },
        exitCodeList = {ExitCode.DONE_HELP, ExitCode.FAILED_HELP, ExitCode.USAGE_HELP})
public final class UndoCommand implements Callable<Integer> {

    private static final int SHOWN = 10;

    private static final String OFF = "off";

    /** The help of the option that names the data directory. */
    static final String DATA_DIR = "where the topics are that say what was done, as it was named for the runs "
            + "(default: the registry's own under the user's state directory)";

    private final Terminal terminal;
    private final KafkaOptions ofParent;

    @Parameters(index = "0", paramLabel = "RUN", description = "the run's id ('tidemark trash list' has them)")
    private String run;

    @Parameters(
            index = "1",
            paramLabel = "REGISTRY",
            description = "the registry's config.yml, or its storage root directory")
    private Path target;

    @Option(
            names = {"-d", "--dry-run"},
            showDefaultValue = Visibility.NEVER,
            description = "say how much would come back, and change nothing")
    private boolean dryRun;

    @Option(
            names = "--repository",
            paramLabel = "GLOB",
            showDefaultValue = Visibility.NEVER,
            converter = NameConverters.Glob.class,
            description = "only of repositories of this name; * stands for one component, ** for any number. May be "
                    + "given more than once")
    private List<RepositoryGlob> repositories = List.of();

    @Option(
            names = "--digest",
            paramLabel = "DIGEST",
            showDefaultValue = Visibility.NEVER,
            converter = NameConverters.OfDigest.class,
            description = "only this manifest or blob, with the links that name it. May be given more than once")
    private List<Digest> digests = List.of();

    @Option(
            names = "--hold",
            paramLabel = "DURATION",
            defaultValue = "7d",
            showDefaultValue = Visibility.NEVER,
            description = "hold the manifests and tags that are back for so long, so that no run takes them "
                    + "(default: 7d); off: don't")
    private String hold;

    @Option(names = "--data-dir", paramLabel = "DIR", showDefaultValue = Visibility.NEVER, description = DATA_DIR)
    private Optional<Path> dataDir = Optional.empty();

    @Mixin
    private Output output;

    @Mixin
    private KafkaOptions kafka;

    public UndoCommand(Terminal terminal, KafkaOptions ofParent) {
        this.terminal = terminal;
        this.ofParent = ofParent;
    }

    @Override
    public Integer call() {
        RunId id = NamedTrash.run(run);
        Optional<Duration> held = held();
        Optional<Connection> cluster = kafka.named(ofParent, System.getenv());
        try (var registry =
                        dryRun ? TrashOfRegistry.open(target) : TrashOfRegistry.openAlone(target, dataDir, terminal);
                var records = new DeferredRecords(CurrentUser.name() + " (tidemark undo)")) {
            NamedTrash.require(registry.trash(), id);
            var filter = new UndoFilter(repositories, Set.copyOf(digests));
            var undo = new Undo(registry.storage(), registry.trash(), id, filter, records);
            Optional<UndoHold> hold = dryRun ? Optional.empty() : hold(id, undo, held);
            boolean isHeld = hold.isPresent() && topics(registry, cluster).before(hold.get()::write);
            Undo.Outcome outcome = dryRun ? undo.preview() : restore(undo, topics(registry, cluster), records);
            if (!filter.everything() && outcome.equals(Undo.Outcome.NOTHING)) {
                throw new UsageException("the trash of run " + id
                        + " has nothing that --repository and --digest name: it is in another run's, or purged");
            }
            print(outcome, dryRun ? "would come back" : "restored");
            outcome.failed().stream().limit(SHOWN).forEach(terminal::failure);
            if (!dryRun) {
                write(topics(registry, cluster), records, hold, isHeld);
            }
            return outcome.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    /** It is held before it comes back: of an undo that is cut off, the next one finds the rest only. */
    private static Optional<UndoHold> hold(RunId run, Undo undo, Optional<Duration> time) {
        return time.map(until -> UndoHold.of(run, UndoHold.subjects(undo.preview()), until))
                .filter(hold -> !hold.subjects().isEmpty());
    }

    private TrashTopics topics(TrashOfRegistry registry, Optional<Connection> cluster) {
        return new TrashTopics(terminal, output, cluster, registry.directory());
    }

    /** Restores. Files that are back when it fails are recorded, too. */
    private static Undo.Outcome restore(Undo undo, TrashTopics topics, DeferredRecords records) {
        try {
            return undo.restore();
        } catch (RuntimeException e) {
            topics.record(records);
            throw e;
        }
    }

    private void write(TrashTopics topics, DeferredRecords records, Optional<UndoHold> hold, boolean isHeld) {
        boolean there = topics.record(records, hold.filter(wanted -> !isHeld).map(wanted -> wanted::write));
        hold.ifPresent(wanted -> say(
                isHeld || there
                        ? wanted.words()
                        : "Not held. Blobs and manifests that are back are young, so that the next run's --min-age keeps them; "
                                + "'tidemark hold add' keeps them longer."));
    }

    private void say(String text) {
        if (!output.json() && !output.quiet()) {
            terminal.out().println(text);
        }
    }

    private Optional<Duration> held() {
        try {
            return hold.equals(OFF)
                    ? Optional.empty()
                    : Optional.of(Durations.parse(hold)).filter(time -> !time.isZero());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--hold: " + e.getMessage() + ", or off", e);
        }
    }

    private void print(Undo.Outcome outcome, String verb) {
        output.print(outcome, () -> List.of(words(outcome, verb)), terminal);
    }

    private String words(Undo.Outcome outcome, String verb) {
        String text = "%s of run %s %s, %s"
                .formatted(
                        Counted.of(outcome.restored().count(), "file"),
                        run,
                        verb,
                        Units.bytes(outcome.restored().bytes()));
        if (outcome.inPlace() > 0) {
            text += "; " + Counted.of(outcome.inPlace(), "file") + " of it " + (outcome.inPlace() == 1 ? "is" : "are")
                    + " in the registry again, and left as they are";
        }
        if (!outcome.failed().isEmpty()) {
            text += "; " + Units.number(outcome.failed().size()) + " could not be restored, or not whole";
        }
        return text + ".";
    }
}
