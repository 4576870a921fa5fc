package dev.tidemark.storage;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.OtherFiles.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

/**
 * A registry's storage, as far as a collector needs it. Paths are relative to {@code docker/registry/v2}, with slashes,
 * as {@link dev.tidemark.storage.layout.Layout} builds them; those of {@link dev.tidemark.storage.layout.RootFiles}
 * begin with a slash.
 *
 * <p>Every method throws {@link StorageException} if the storage cannot answer. A path that is not there is no error:
 * it may have vanished since it was listed. A path behind a symbolic link out of the root is there, and out of reach:
 * {@link ForbiddenException}.
 */
public interface Storage extends Listing, AutoCloseable {

    /** The types that a listing tells apart. */
    enum Type {
        FILE,
        DIRECTORY,
        /** A symbolic link that leads out of the storage's root: what is behind it is never read. */
        LINK_OUT_OF_ROOT,
        /** A symbolic link to a directory of the registry, which is listed under its own name too. */
        LINK_IN_REGISTRY,
        /**
         * It has a name that is no text in this process's encoding, and directories in it: nothing in it can be read,
         * and there may be anything.
         */
        NAMELESS,
        /**
         * A symbolic link to nothing, or to itself, or something that is neither file nor directory, or nameless
         * without directories in it.
         */
        OTHER
    }

    /** A name in a directory. A symbolic link to anything else in the root has the type of what it leads to. */
    record Child(String name, Type type) {}

    /**
     * @param size bytes
     * @param modified ms since the epoch
     * @param md5 of the content, in hex, where the storage may know it without reading it: it may be some other 32 hex
     *     digits, so only that it equals an expected one says anything. Null where there is none
     */
    record Stat(long size, long modified, String md5) {

        public Stat(long size, long modified) {
            this(size, modified, null);
        }
    }

    /**
     * A name in a directory, with the leaf that {@link #leaves} found under it.
     *
     * @param type of the name itself
     * @param stat of the file; null if it isn't there, or isn't looked for
     */
    record Leaf(String name, Type type, Stat stat) {}

    /**
     * The same as {@link #leaves(String, String, java.util.function.Consumer)} for directories that lie beside each
     * other, in the order of their names. Where each look costs a request, they are listed together, with all that lies
     * between them.
     *
     * @param to takes the directory's name, and what is in it
     */
    default void leaves(String parent, List<String> directories, String leaf, BiConsumer<String, Leaf> to) {
        directories.forEach(name -> leaves(parent + "/" + name, leaf, found -> to.accept(name, found)));
    }

    /**
     * How many names are in a directory, or the limit if there are more: then the others need not be read.
     *
     * @param limit up to 1000
     */
    default int count(String directory, int limit) {
        return Math.min(limit, children(directory).size());
    }

    /**
     * A listing of all below a directory, for many questions about it. Where each look costs a request, that is one
     * listing, made now, from which all of them are answered; elsewhere it is the storage itself.
     */
    default Listing listed(String directory) {
        return this;
    }

    /**
     * How many calls one task may have under way at once, and be the faster for it: 1 where waiting is not what takes
     * the time.
     */
    default int parallelism() {
        return 1;
    }

    /**
     * Whether a registry may delete a file right before it writes it anew: what is not there may be there again a
     * moment later.
     */
    default boolean rewritesByDeleting() {
        return false;
    }

    /**
     * How long a request to write a file may be under way while the storage shows nothing of it. A time that is longer
     * than any request lasts, where that can be at all.
     */
    default Duration unseenWrites() {
        return Duration.ZERO;
    }

    /**
     * A function of a file's content. It may be called again, with the content from its beginning, if the storage
     * fails before it ends.
     */
    interface Content<T> {
        T of(InputStream in) throws IOException;
    }

    /**
     * Reads a file; empty if it isn't there.
     *
     * @throws ForbiddenException if it is there and may not be read: permissions, or a link out of the root
     */
    <T> Optional<T> read(String path, Content<T> content);

    /**
     * Deletes files, in any order, as long as that is allowed. A file that was gone already is no failure.
     *
     * @param allowed asked right before each deletion, or each request that deletes, and before each further try; by
     *     any thread
     * @return why not, for each that could not be deleted: {@link NotAllowedException} if it was not allowed (any
     *     more), {@link ForbiddenException} if the path leads through a symbolic link, or permissions forbid it,
     *     {@link WrittenAgainException} if it was written since it was last looked at, where the storage can tell
     */
    Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed);

    /**
     * Writes a link file that is not there. It is there whole, or not at all.
     *
     * @param target the digest that it names
     * @return false if there is a file by now: it is never replaced
     * @throws ForbiddenException if the path leads through a symbolic link, or permissions forbid it
     */
    boolean link(String path, Digest target);

    /** Where a sweep takes files instead of deleting them; empty if this storage has no such place yet. */
    default Optional<Trash> trash() {
        return Optional.empty();
    }

    /** What is written in parts, and not completed; empty where nothing is written so. */
    default Optional<Multiparts> multiparts() {
        return Optional.empty();
    }

    /** Removes the directory and then its parents, as long as they are empty, up to and not including the last one. */
    void prune(String directory, String notIncluding);

    /**
     * The content of a directory, at any depth. No link is followed.
     *
     * @param changed when the directory itself was changed, in ms since the epoch
     * @param below when the last of those in it was, as far as they were looked into; 0 if there is none
     * @param other something that is no directory, or may not be looked at, by its path in there: then it is not empty.
     *     Null if there is nothing but directories
     */
    record Inside(long changed, long below, String other) {

        /** When the last of them all was changed, in ms since the epoch. */
        public long last() {
            return Math.max(changed, below);
        }

        public boolean isEmpty() {
            return other == null;
        }
    }

    /**
     * Looks into a directory; empty if it isn't there, nor any of the names in it, or if this storage has no
     * directories of its own: in a bucket they are what keys begin with.
     *
     * @param names of those in it that are looked into, with all below them; all if there are none. Any file counts
     */
    default Optional<Inside> inside(String directory, Collection<String> names) {
        return Optional.empty();
    }

    /**
     * Removes a directory, and those below it, as far as there is nothing else in them.
     *
     * @return whether it is gone: what somebody has put there meanwhile stays
     * @throws ForbiddenException if the path leads through a symbolic link, or permissions forbid it
     */
    default boolean removeEmpty(String directory) {
        return true;
    }

    /**
     * Whether the name might hold repositories behind a symbolic link out of the root. It is looked at, never walked.
     */
    boolean mayHoldRepositories(String linkOutOfRoot);

    /** The file system of the root directory; empty where there is none. */
    default Optional<Disk> disk() {
        return Optional.empty();
    }

    /** The storage in words, for messages: the root directory, or the bucket. */
    String description();

    /**
     * The identity of the storage, in words: it tells the storage from any other. A storage that is reached by two
     * names (a server's alias) may have two.
     */
    default String identity() {
        return description();
    }

    /** The calls that it has answered and those that it has not, in numbers. */
    Calls calls();

    /** Releases what it holds. */
    @Override
    default void close() {}
}
