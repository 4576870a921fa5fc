package dev.tidemark.sweeper;

import dev.tidemark.storage.Storage;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A storage at which something happens before a file is looked at, and after it is deleted. */
final class Watched implements Storage {

  private final Storage storage;
  Consumer<String> beforeLook = path -> {};
  Consumer<String> afterDeletion = path -> {};

  Watched(Storage storage) {
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
    beforeLook.accept(path);
    return storage.stat(path);
  }

  @Override
  public Optional<InputStream> open(String path) {
    return storage.open(path);
  }

  @Override
  public Optional<Long> delete(String path) {
    Optional<Long> deleted = storage.delete(path);
    afterDeletion.accept(path);
    return deleted;
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
