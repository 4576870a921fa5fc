package dev.tidemark.storage.azure;

/** A container has no such blob. */
final class NotThereException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotThereException(Throwable cause) {
        super(cause);
    }
}
