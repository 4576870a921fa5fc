package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.run.Aftermath;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.Summary;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.RunText;
import dev.tidemark.cli.text.SummaryText;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.sweeper.verify.Verification;
import java.util.List;

/** Tells the user how a run ended. */
final class RunReport {

    private final Terminal terminal;
    private final Output output;

    RunReport(Terminal terminal, Output output) {
        this.terminal = terminal;
        this.output = output;
    }

    /**
     * Prints a run that has ended, and then what failed beside it. A run that waits does so all the same.
     *
     * @param aftermath the outcome beside the run itself
     * @param troubles one line each
     * @see #print(Run, Phases, String)
     */
    int print(Run run, Phases phases, Aftermath aftermath, String approve, List<String> troubles) {
        try {
            int exitCode = print(run, phases, aftermath, approve);
            if (exitCode != ExitCode.DONE) {
                return exitCode;
            }
            return troubles.isEmpty() ? verified(run) : ExitCode.FAILED;
        } finally {
            troubles.forEach(terminal::failure);
        }
    }

    /**
     * Prints a run of services that has ended.
     *
     * @param approve the command that lets it go if it waits
     * @return the exit code
     * @throws CollectionException if it failed or was cancelled
     */
    int print(Run run, Phases phases, String approve) {
        return print(run, phases, Aftermath.of(CacheAdvice.of(run)), approve, List.of());
    }

    /** A run that nobody has verified must not be read as a success. */
    private int verified(Run run) {
        if (!Verification.outstanding(run)) {
            return ExitCode.DONE;
        }
        terminal.error("the run is not verified yet, and whether it has deleted too much is not known: "
                + "'tidemark show " + run.id() + "' tells when it is");
        return ExitCode.UNPROVABLE;
    }

    private int print(Run run, Phases phases, Aftermath aftermath, String approve) {
        RunText.whyItFailed(run).ifPresent(why -> {
            throw new CollectionException(why);
        });
        print(Summary.of(run, phases, aftermath));
        if (run.state() == Run.State.WAITING) {
            terminal.error(run.waiting().why() + ". Nothing was deleted. If that is right, let it pass: " + approve);
            return ExitCode.WAITING;
        }
        if (run.lost() > 0) {
            terminal.failure("the run has deleted " + Counted.of(run.lost(), "file")
                    + " that live manifests need: 'tidemark undo " + run.id() + "' brings back what is in the trash");
            return ExitCode.FAILED;
        }
        long failures = run.sweep().failures();
        if (failures > 0) {
            terminal.failure("swept with failures: " + Counted.of(failures, "deletion")
                    + " failed, the next run tries them again");
            return ExitCode.FAILED;
        }
        if (run.repair().failures() > 0) {
            terminal.failure("repaired with failures: "
                    + Counted.of(run.repair().failures(), "layer link") + " could not be written");
            return ExitCode.FAILED;
        }
        return ExitCode.DONE;
    }

    void print(Summary summary) {
        output.print(summary, () -> SummaryText.of(summary, terminal), terminal);
    }
}
