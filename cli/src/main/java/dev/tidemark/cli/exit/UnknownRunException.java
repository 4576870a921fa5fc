package dev.tidemark.cli.exit;

/** The user named a run that is not there. The message is one line; the exit code is 2. */
public final class UnknownRunException extends UsageException {

    private static final long serialVersionUID = 1;

    public UnknownRunException(String message) {
        super(message);
    }
}
