package dev.tidemark.cli.exit;

/** The collection could not be done. The message is one line; the exit code is 1. */
public class CollectionException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public CollectionException(String message) {
        super(message);
    }

    public CollectionException(String message, Throwable cause) {
        super(message, cause);
    }
}
