package dev.tidemark.storage;

/** The storage cannot answer. The message is one line: what, where, and what to do where that is known. */
public class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StorageException(String message) {
    super(message);
  }

  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
