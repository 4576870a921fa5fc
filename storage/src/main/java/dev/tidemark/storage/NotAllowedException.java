package dev.tidemark.storage;

/** What is not done, or not tried again, because whoever asked for it no longer allows it. */
public final class NotAllowedException extends StorageException {

  private static final long serialVersionUID = 1;

  public NotAllowedException() {
    super("it was no longer allowed when its turn came", null, true);
  }
}
