package dev.tidemark.storage.s3;

/** A bucket has no such key. */
final class NotThereException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotThereException(Throwable cause) {
        super(cause);
    }
}
