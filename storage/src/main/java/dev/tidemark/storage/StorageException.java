package dev.tidemark.storage;

/** A storage cannot answer. The message is one line: what, where, and what to do where that is known. */
public class StorageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean settled;

    public StorageException(String message) {
        this(message, null, false);
    }

    public StorageException(String message, Throwable cause) {
        this(message, cause, false);
    }

    StorageException(String message, Throwable cause, boolean settled) {
        super(message, cause);
        this.settled = settled;
    }

    /** A failure that another try does not mend: it was tried long enough, or the storage says why. */
    public static StorageException settled(String message, Throwable cause) {
        return new StorageException(message, cause, true);
    }

    /** Whether to try again is of no use. */
    public boolean settled() {
        return settled;
    }
}
