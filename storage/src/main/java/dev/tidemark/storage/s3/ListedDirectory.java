package dev.tidemark.storage.s3;

import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A directory as one listing of its keys had it. What is not in it, and what is read or deleted, is asked of the bucket. */
final class ListedDirectory implements Storage {

  private final S3Storage storage;
  private final String directory;
  /** By the path below the directory. */
  private final NavigableMap<String, Stat> stats = new TreeMap<>(KeyOrder.BYTES);

  /**
   * @param prefix of the keys of all that is in the directory
   */
  ListedDirectory(S3Storage storage, String directory, String prefix, List<KeyListing.Object> objects) {
    this.storage = storage;
    this.directory = directory;
    for (KeyListing.Object object : objects) {
      String path = object.key().substring(prefix.length());
      if (!path.isEmpty() && !path.endsWith("/")) {
        stats.put(path, object.stat());
      }
    }
  }

  @Override
  public List<Child> children(String of) {
    if (!within(of)) {
      return storage.children(of);
    }
    List<Child> children = new ArrayList<>();
    each(below(of), (name, type, rest) -> children.add(new Child(name, type)));
    return children;
  }

  @Override
  public void leaves(String of, String leaf, Consumer<Leaf> to) {
    if (!within(of)) {
      storage.leaves(of, leaf, to);
      return;
    }
    String below = below(of);
    each(below, (name, type, rest) ->
        to.accept(new Leaf(name, type, type == Type.FILE ? null : stats.get(below + name + "/" + leaf))));
  }

  @Override
  public Optional<Stat> stat(String path) {
    return within(path) ? Optional.ofNullable(stats.get(path.substring(directory.length() + 1))) : storage.stat(path);
  }

  private interface Named {
    void on(String name, Type type, String rest);
  }

  /** Each name right below, once. */
  private void each(String below, Named to) {
    String name = null;
    for (String path : stats.tailMap(below, true).keySet()) {
      if (!path.startsWith(below)) {
        return;
      }
      String rest = path.substring(below.length());
      int slash = rest.indexOf('/');
      String next = slash < 0 ? rest : rest.substring(0, slash);
      if (!next.equals(name)) {
        to.on(next, slash < 0 ? Type.FILE : Type.DIRECTORY, rest);
        name = next;
      }
    }
  }

  private boolean within(String path) {
    return path.equals(directory) || path.startsWith(directory + "/");
  }

  private String below(String path) {
    return path.equals(directory) ? "" : path.substring(directory.length() + 1) + "/";
  }

  @Override
  public int parallelism() {
    return storage.parallelism();
  }

  @Override
  public Optional<InputStream> open(String path) {
    return storage.open(path);
  }

  @Override
  public Optional<Long> delete(String path) {
    return storage.delete(path);
  }

  @Override
  public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
    return storage.deleteAll(paths, allowed);
  }

  @Override
  public void prune(String of, String notIncluding) {
    storage.prune(of, notIncluding);
  }

  @Override
  public boolean mayHoldRepositories(String linkOutOfRoot) {
    return storage.mayHoldRepositories(linkOutOfRoot);
  }

  @Override
  public String description() {
    return storage.description();
  }

  @Override
  public Map<String, Long> requests() {
    return storage.requests();
  }

  @Override
  public long retries() {
    return storage.retries();
  }
}
