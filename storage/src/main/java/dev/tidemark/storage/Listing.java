package dev.tidemark.storage;

import dev.tidemark.schemas.Tally;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The names and files in directories: of a storage as it is now, or of one directory as it was when it was listed. */
public interface Listing {

    /** The names in a directory; none if it isn't there. */
    List<Storage.Child> children(String directory);

    /**
     * For every name in a directory, the file {@code directory/name/leaf}: how revisions, layer links, tags and blobs
     * are stored. Much cheaper than listing each of the directories.
     */
    void leaves(String directory, String leaf, Consumer<Storage.Leaf> to);

    /** A file's size and time; empty if it isn't there. */
    Optional<Storage.Stat> stat(String path);

    /**
     * The files at a path and below it, and their bytes. No link is followed, and what may not be looked at is left
     * out.
     */
    Tally files(String path);

    /** Whether it answers from what it has: then no question costs anything. */
    default boolean atHand() {
        return false;
    }
}
