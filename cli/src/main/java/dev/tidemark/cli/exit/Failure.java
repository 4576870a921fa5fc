package dev.tidemark.cli.exit;

import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.service.settings.InvalidSettingsException;

/** Says why a command, or one of its collections, ended with an exception. */
public final class Failure {

    private Failure() {}

    /** One line on standard error. Returns the exit code. */
    public static int tell(Exception why, Terminal terminal) {
        String message = why.getMessage() == null ? why.toString() : why.getMessage();
        if (why instanceof UsageException || why instanceof InvalidSettingsException) {
            terminal.error(message);
            return ExitCode.USAGE;
        }
        terminal.failure(message, why);
        return ExitCode.FAILED;
    }
}
