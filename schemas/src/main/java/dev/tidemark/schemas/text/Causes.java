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
        Throwable root = root(failure);
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    /** The last cause alone, by its class and its message: a broker's messages say little without the class. */
    public static String named(Throwable failure) {
        Throwable root = root(failure);
        String name = root.getClass().getSimpleName();
        return root.getMessage() == null ? name : name + ": " + root.getMessage();
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
