package dev.tidemark.bench.output;

/** The bench has no result. The message is one line, with what to do. */
public final class BenchException extends RuntimeException {

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The bench is ended. The thread stays interrupted, so that its caller sees it, too. */
    public static BenchException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new BenchException("interrupted", e);
    }
}
