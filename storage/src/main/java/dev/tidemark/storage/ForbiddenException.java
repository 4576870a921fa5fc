package dev.tidemark.storage;

/** The storage refuses one file or directory: trying again is of no use. */
public final class ForbiddenException extends StorageException {

    private static final long serialVersionUID = 1;

    public ForbiddenException(String message) {
        super(message, null, true);
    }
}
