package dev.tidemark.cli;

import dev.tidemark.storage.Storage;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A storage that does something else first, or afterwards. */
public final class Faulty implements Storage {

  private final Storage storage;
  public volatile Consumer<String> open = path -> {};
  volatile Consumer<String> delete = path -> {};
  public volatile Consumer<String> deleted = path -> {};

  public Faulty(Storage storage) {
    this.storage = storage;
  }

  @Override
  public List<Child> children(String directory) {
    return storage.children(directory);
  }

  @Override
  public void leaves(String directory, String leaf, Consumer<Leaf> to) {
    storage.leaves(directory, leaf, to);
  }

  @Override
  public Optional<Stat> stat(String path) {
    return storage.stat(path);
  }

  @Override
  public Optional<InputStream> open(String path) {
    open.accept(path);
    return storage.open(path);
  }

  @Override
  public Optional<Long> delete(String path) {
    delete.accept(path);
    Optional<Long> bytes = storage.delete(path);
    deleted.accept(path);
    return bytes;
  }

  @Override
  public void prune(String directory, String notIncluding) {
    storage.prune(directory, notIncluding);
  }

  @Override
  public boolean mayHoldRepositories(String linkOutOfRoot) {
    return storage.mayHoldRepositories(linkOutOfRoot);
  }

  @Override
  public String description() {
    return storage.description();
  }
}
