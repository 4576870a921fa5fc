package dev.tidemark.marker;

import java.util.Iterator;
import java.util.List;

/** The rows of one partition, in the order of their keys' unsigned bytes, and one value beside them. */
interface MarkStore {

  /** The value, or null. */
  byte[] get(byte[] key);

  /** Puts rows, no two of the same key. */
  void putAll(List<Entry> rows);

  void delete(byte[] key);

  /** All rows from the key on; rows may be put and deleted while the cursor is open. */
  Cursor from(byte[] key);

  /** What {@link #saveProgress} was given last, or null. */
  byte[] progress();

  void saveProgress(byte[] progress);

  /** A row as it is stored. */
  record Entry(byte[] key, byte[] value) {}

  /** An iterator that holds resources of the store. */
  interface Cursor extends Iterator<Entry>, AutoCloseable {
    @Override
    void close();
  }
}
