package dev.tidemark.audit;

/** An index can't be read or written. The message is one line. */
public final class IndexException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public IndexException(String message, Throwable cause) {
    super(message, cause);
  }
}
