package dev.tidemark.storage;

/** A file can't be moved to the trash: it stays where it is. */
public final class NoTrashException extends StorageException {

    private static final long serialVersionUID = 1;

    public NoTrashException(String message, Throwable cause) {
        super(message, cause, true);
    }
}
