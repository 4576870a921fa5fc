package dev.tidemark.storage;

/** A deletion is not done, or not tried again, because it is no longer allowed. */
public final class NotAllowedException extends StorageException {

    private static final long serialVersionUID = 1;

    public NotAllowedException() {
        super("it was no longer allowed when its turn came", null, true);
    }
}
