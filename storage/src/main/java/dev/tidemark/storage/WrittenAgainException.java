package dev.tidemark.storage;

/** A file is not deleted, or not moved: it was written since it was looked at. */
public final class WrittenAgainException extends StorageException {

    private static final long serialVersionUID = 1;

    public WrittenAgainException(String message) {
        super(message, null, true);
    }
}
