package dev.tidemark.service;

/**
 * The messages of a failure and of all its causes, in one line: the last cause of Kafka's clients is often the one that
 * helps.
 */
public final class Causes {

    private Causes() {}

    public static String of(Throwable failure) {
        var line = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            if (line.indexOf(message) < 0) {
                line.append(line.isEmpty() ? "" : ": ").append(message);
            }
        }
        return line.toString();
    }
}
