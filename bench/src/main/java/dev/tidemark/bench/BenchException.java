package dev.tidemark.bench;

/** Why there is no result: one line, with what to do. */
final class BenchException extends RuntimeException {

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }

    /** That somebody ends the bench; whoever called the thread sees it, too. */
    static BenchException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new BenchException("interrupted", e);
    }
}
