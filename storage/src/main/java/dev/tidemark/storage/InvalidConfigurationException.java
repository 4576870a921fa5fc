package dev.tidemark.storage;

/** A registry's configuration can't be read. The message is one line: what, where, and what to do. */
public final class InvalidConfigurationException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public InvalidConfigurationException(String message) {
    super(message);
  }

  public InvalidConfigurationException(String message, Throwable cause) {
    super(message, cause);
  }
}
