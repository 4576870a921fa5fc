package dev.tidemark.audit;

import java.sql.SQLException;

/** An index can't be written or read: its disk is full, or may not be written to. */
public final class IndexException extends RuntimeException {

  private static final long serialVersionUID = 1;

  IndexException(String message, Throwable cause) {
    super(message, cause);
  }

  static IndexException because(SQLException cause) {
    return new IndexException("the index of the run cannot be written or read: " + cause.getMessage(), cause);
  }
}
