package dev.tidemark.storage;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Tries again, a few times and ever later, when the storage does not answer. What is forbidden stays so. */
public final class RetryingStorage implements Storage {

  private final Storage storage;
  private final List<Duration> pauses;

  /**
   * @param pauses before each further try, in order
   */
  public RetryingStorage(Storage storage, List<Duration> pauses) {
    this.storage = storage;
    this.pauses = List.copyOf(pauses);
  }

  /** Four more tries within two seconds. */
  public static RetryingStorage of(Storage storage) {
    return new RetryingStorage(
        storage,
        List.of(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(1200)));
  }

  @Override
  public List<Child> children(String directory) {
    return retrying(() -> storage.children(directory));
  }

  @Override
  public void leaves(String directory, String leaf, Consumer<Leaf> to) {
    // Collected first: a listing that fails half way has handed out nothing twice.
    retrying(() -> {
      List<Leaf> leaves = new ArrayList<>();
      storage.leaves(directory, leaf, leaves::add);
      return leaves;
    }).forEach(to);
  }

  @Override
  public Optional<Stat> stat(String path) {
    return retrying(() -> storage.stat(path));
  }

  @Override
  public Optional<InputStream> open(String path) {
    return retrying(() -> storage.open(path));
  }

  @Override
  public Optional<Long> delete(String path) {
    return retrying(() -> storage.delete(path));
  }

  @Override
  public void prune(String directory, String notIncluding) {
    retrying(() -> {
      storage.prune(directory, notIncluding);
      return null;
    });
  }

  @Override
  public boolean mayHoldRepositories(String linkOutOfRoot) {
    return storage.mayHoldRepositories(linkOutOfRoot);
  }

  @Override
  public String description() {
    return storage.description();
  }

  private <T> T retrying(Supplier<T> call) {
    for (Duration pause : pauses) {
      try {
        return call.get();
      } catch (ForbiddenException e) {
        throw e;
      } catch (StorageException e) {
        pause(pause, e);
      }
    }
    return call.get();
  }

  private static void pause(Duration pause, StorageException failure) {
    try {
      Thread.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
  }
}
