package dev.tidemark.kafka.topic;

/** The topics can't be made, or don't fit. The message says which, and what to do. */
public final class TopicsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TopicsException(String message) {
        super(message);
    }

    TopicsException(String message, Throwable cause) {
        super(message, cause);
    }
}
