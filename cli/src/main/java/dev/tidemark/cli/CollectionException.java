package dev.tidemark.cli;

/** The collection could not be done. The message is one line; the exit code is 1. */
final class CollectionException extends RuntimeException {

  private static final long serialVersionUID = 1;

  CollectionException(String message) {
    super(message);
  }

  CollectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
