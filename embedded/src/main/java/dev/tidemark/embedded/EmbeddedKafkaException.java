package dev.tidemark.embedded;

/**
 * The broker inside this process cannot start, or has stopped by itself. The message says where, why, and what to do.
 */
public final class EmbeddedKafkaException extends RuntimeException {

    EmbeddedKafkaException(String message, Throwable cause) {
        super(message, cause);
    }

    EmbeddedKafkaException(String message) {
        super(message);
    }
}
