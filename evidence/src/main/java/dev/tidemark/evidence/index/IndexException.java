package dev.tidemark.evidence.index;

import dev.tidemark.schemas.text.Causes;
import java.sql.SQLException;

/** An index can't be written or read: its disk is full, or may not be written to. */
public final class IndexException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public IndexException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Adds the root of the cause to the driver's message, which may hide the fault: a library that can't be loaded is
     * an error opening a connection.
     */
    public static IndexException because(SQLException cause) {
        String said = String.valueOf(cause.getMessage());
        String why = Causes.last(cause);
        return new IndexException(
                "the index of the run cannot be written or read: " + said + (said.contains(why) ? "" : ": " + why),
                cause);
    }
}
