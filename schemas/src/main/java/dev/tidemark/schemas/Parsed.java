package dev.tidemark.schemas;

/**
 * A record as it came off a topic. One that can't be read is a value too, not an exception: whoever meets it knows where it
 * lies, sets it aside and fails the run, and goes on serving.
 */
public sealed interface Parsed<T> {

  /** A record that could be read. */
  record Readable<T>(T value) implements Parsed<T> {}

  /**
   * A record that could not.
   *
   * @param bytes as they came; null if there were none
   */
  record Unreadable<T>(byte[] bytes, String why) implements Parsed<T> {}
}
