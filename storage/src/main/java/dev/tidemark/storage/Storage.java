package dev.tidemark.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A registry's storage, as far as a collector needs it. Paths are relative to {@code docker/registry/v2}, with slashes, as
 * {@link dev.tidemark.storage.layout.Layout} builds them.
 *
 * <p>Every method throws {@link StorageException} if the storage cannot answer. What is not there is no error: it may have
 * vanished since it was listed. What lies behind a symbolic link out of the root is there, and out of reach: {@link ForbiddenException}.
 */
public interface Storage extends AutoCloseable {

  /** What a listing says of a path. */
  enum Type {
    FILE,
    DIRECTORY,
    /** A symbolic link that leads out of the storage's root: what is behind it is never read. */
    LINK_OUT_OF_ROOT,
    /** A symbolic link to a directory of the registry, which is listed under its own name too. */
    LINK_IN_REGISTRY,
    /**
     * It has a name that is no text in this process's encoding, and directories in it: nothing in it can be read, and there
     * may be anything.
     */
    NAMELESS,
    /** A symbolic link to nothing, or to itself, or something that is neither file nor directory, or nameless without directories in it. */
    OTHER
  }

  /** A name in a directory. A symbolic link to anything else in the root has the type of what it leads to. */
  record Child(String name, Type type) {}

  /**
   * @param size bytes
   * @param modified ms since the epoch
   * @param md5 of the content, in hex, where the storage may know it without reading it: it may be some other 32 hex digits, so
   *     only that it equals an expected one says anything. Null where there is none
   */
  record Stat(long size, long modified, String md5) {

    public Stat(long size, long modified) {
      this(size, modified, null);
    }
  }

  /**
   * What {@link #leaves} found under a name.
   *
   * @param type of the name itself
   * @param stat of the file; null if it isn't there, or isn't looked for
   */
  record Leaf(String name, Type type, Stat stat) {}

  /** The names in a directory; none if it isn't there. */
  List<Child> children(String directory);

  /**
   * For every name in a directory, the file {@code directory/name/leaf}: how revisions, layer links, tags and blobs are
   * stored. Much cheaper than listing each of the directories.
   */
  void leaves(String directory, String leaf, Consumer<Leaf> to);

  /**
   * The same for directories that lie beside each other, in the order of their names. Where each look costs a request, they are listed
   * together, with all that lies between them.
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
   * The storage, prepared for many questions about what is below a directory. Where each look costs a request, that is one listing
   * of it, made now, from which all of them are answered; elsewhere it is the storage itself. Either way {@link #open} reads, and
   * {@link #delete} deletes, what is there then.
   */
  default Storage listed(String directory) {
    return this;
  }

  /** How many calls one task may have under way at once, and be the faster for it: 1 where waiting is not what takes the time. */
  default int parallelism() {
    return 1;
  }

  /** A file's size and time; empty if it isn't there. */
  Optional<Stat> stat(String path);

  /**
   * Opens a file for reading; empty if it isn't there.
   *
   * @throws ForbiddenException if it is there and may not be read: permissions, or a link out of the root
   */
  Optional<InputStream> open(String path);

  /** What is made of a file's content. It may be called again, with the content from its beginning, if the storage fails before it ends. */
  interface Content<T> {
    T of(InputStream in) throws IOException;
  }

  /**
   * Reads a file; empty if it isn't there.
   *
   * @throws ForbiddenException as {@link #open}
   */
  default <T> Optional<T> read(String path, Content<T> content) {
    Optional<InputStream> opened = open(path);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = opened.get()) {
      return Optional.of(content.of(in));
    } catch (IOException e) {
      throw new StorageException("cannot read " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Deletes a file.
   *
   * @return how many bytes that frees; empty if it was gone already
   * @throws ForbiddenException if the path leads through a symbolic link, or permissions forbid it
   */
  Optional<Long> delete(String path);

  /**
   * Deletes files, in any order, as long as that is allowed. What was gone already is no failure.
   *
   * @param allowed asked right before each deletion, or each request that deletes, and before each further try; by any thread
   * @return why not, for each that could not be deleted: {@link NotAllowedException} if it was not allowed (any more)
   */
  default Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
    Map<String, StorageException> failures = new LinkedHashMap<>();
    for (String path : paths) {
      try {
        if (!allowed.getAsBoolean()) {
          throw new NotAllowedException();
        }
        delete(path);
      } catch (StorageException e) {
        failures.put(path, e);
      }
    }
    return failures;
  }

  /** The same, whatever happens meanwhile. */
  default Map<String, StorageException> deleteAll(Collection<String> paths) {
    return deleteAll(paths, () -> true);
  }

  /** Removes the directory and then its parents, as long as they are empty, up to and not including the last one. */
  void prune(String directory, String notIncluding);

  /** Whether the name might hold repositories behind a symbolic link out of the root. It is looked at, never walked. */
  boolean mayHoldRepositories(String linkOutOfRoot);

  /** The storage in words, for messages: the root directory, or the bucket. */
  String description();

  /** How many requests it took so far, by operation; empty where it takes none. */
  default Map<String, Long> requests() {
    return Map.of();
  }

  /** How many of them were sent again, because there was no answer to the one before. */
  default long retries() {
    return 0;
  }

  /** Releases what it holds. */
  @Override
  default void close() {}
}
