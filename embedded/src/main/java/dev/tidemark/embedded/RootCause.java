package dev.tidemark.embedded;

/** The deepest cause of a failure, in one line: its class and its message. */
final class RootCause {

    private RootCause() {}

    static String of(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null
                ? root.getClass().getSimpleName()
                : root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
