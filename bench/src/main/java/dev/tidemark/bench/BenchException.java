package dev.tidemark.bench;

/** The bench has no result. The message is one line, with what to do. */
final class BenchException extends RuntimeException {

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The bench is ended. The thread stays interrupted, so that its caller sees it, too. */
    static BenchException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new BenchException("interrupted", e);
    }
}
