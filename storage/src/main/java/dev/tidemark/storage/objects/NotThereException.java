package dev.tidemark.storage.objects;

/** A bucket has no such object. */
public final class NotThereException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public NotThereException(Throwable cause) {
        super(cause);
    }
}
