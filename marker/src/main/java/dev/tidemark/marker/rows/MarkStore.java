package dev.tidemark.marker.rows;

import java.util.Iterator;
import java.util.List;

/** A sorted store of one partition's rows, in the order of their keys' unsigned bytes, and of its progress. */
public interface MarkStore {

    /** The value, or null. */
    byte[] get(byte[] key);

    /** Puts rows, no two of the same key. */
    void putAll(List<Entry> rows);

    void delete(byte[] key);

    /** All rows from the key on; rows may be put and deleted while the cursor is open. */
    Cursor from(byte[] key);

    /** The progress that was saved last, or null. */
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
