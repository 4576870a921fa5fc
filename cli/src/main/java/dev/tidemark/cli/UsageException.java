package dev.tidemark.cli;

/** The user asked for something that can't be done as asked. The message is one line; the exit code is 2. */
final class UsageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }

  UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
