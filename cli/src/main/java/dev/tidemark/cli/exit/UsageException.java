package dev.tidemark.cli.exit;

/** The user asked for something that can't be done as asked. The message is one line; the exit code is 2. */
public class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
