package dev.tidemark.schemas.text;

/** Why something has failed, in one line: of a failure's causes it is often the last that helps. */
public final class Causes {

    private Causes() {}

    /** The messages of a failure and of all its causes. */
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

    /** The message of the last cause alone; its class where it has no message. */
    public static String last(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return last.getMessage() == null ? last.toString() : last.getMessage();
    }
}
