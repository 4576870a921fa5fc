package dev.tidemark.cli.exit;

/** Another process works on the registry, or serves its topics. The message is one line; the exit code is 1. */
public final class BusyException extends CollectionException {

    private static final long serialVersionUID = 1;

    public BusyException(String message) {
        super(message);
    }
}
