package dev.tidemark.storage;

import dev.tidemark.schemas.Digest;

/** What a link file says. */
public sealed interface LinkFile {

  /** It is not there. */
  record Absent() implements LinkFile {}

  /** The digest that it names. */
  record Names(Digest digest) implements LinkFile {}

  /** It is there, and names nothing that we can read. */
  record Unreadable(String why) implements LinkFile {}

  /**
   * Reads a link. One that is being rewritten is read again.
   *
   * @throws StorageException if the storage does not answer
   */
  static LinkFile at(Storage storage, String path) {
    return LinkReader.read(storage, path);
  }
}
