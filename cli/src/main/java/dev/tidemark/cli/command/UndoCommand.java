package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import dev.tidemark.sweeper.Undo;
import java.nio.file.Path;
import java.util.List;
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
            "What comes back counts as pushed now: the next run's --min-age keeps it.",
            "What is there again is left as it is.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  tidemark undo --dry-run 20261129-030000 /var/lib/registry",
            "  tidemark undo 20261129-030000 /etc/docker/registry/config.yml"
        },
        exitCodeList = {ExitCode.DONE_HELP, ExitCode.FAILED_HELP, ExitCode.USAGE_HELP})
public final class UndoCommand implements Callable<Integer> {

    private static final int SHOWN = 10;

    private final Terminal terminal;

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

    @Mixin
    private Output output;

    public UndoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        RunId id = NamedTrash.run(run);
        try (var registry = dryRun ? TrashOfRegistry.open(target) : TrashOfRegistry.openAlone(target, terminal)) {
            NamedTrash.require(registry.trash(), id);
            var undo = new Undo(registry.storage(), registry.trash(), id);
            if (dryRun) {
                Tally all = undo.preview();
                print(new Undo.Outcome(all, 0, List.of()), "would come back");
                return ExitCode.DONE;
            }
            Undo.Outcome outcome = undo.restore();
            print(outcome, "restored");
            outcome.failed().stream().limit(SHOWN).forEach(terminal::failure);
            return outcome.failed().isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
        }
    }

    private void print(Undo.Outcome outcome, String verb) {
        if (output.json()) {
            Output.printJson(outcome, terminal);
            return;
        }
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
            text += "; " + Units.number(outcome.failed().size()) + " could not be restored";
        }
        terminal.out().println(text + ".");
    }
}
