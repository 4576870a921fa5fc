package dev.tidemark.service;

/** A setting is wrong. The message says which, where it was found, and what to write. */
public final class InvalidSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidSettingsException(String message) {
    super(message);
  }

  InvalidSettingsException(String message, Throwable cause) {
    super(message, cause);
  }
}
