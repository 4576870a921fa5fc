package dev.tidemark.storage;
/** placeholder. */
public final class InvalidConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;
  public InvalidConfigurationException(String message) { super(message); }
}
