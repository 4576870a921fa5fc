package dev.tidemark.storage;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries again, a few times and ever later, when the storage does not answer. What is settled stays so. A storage that has
 * not answered for a while is asked once only, until it answers: to wait for each of a million calls would never end.
 */
public final class RetryingStorage implements Storage {

  /** Calls in a row that all tries of were in vain, from which on no call is tried again. */
  private static final int PATIENCE = 10;

  private final Storage storage;
  private final List<Duration> pauses;
  private final AtomicInteger inVain;
  private final LongAdder retries;
  private final LongAdder errors;
  private final LongAdder answers;

  /**
   * @param pauses before each further try, in order
   */
  public RetryingStorage(Storage storage, List<Duration> pauses) {
    this(storage, List.copyOf(pauses), new AtomicInteger(), new LongAdder(), new LongAdder(), new LongAdder());
  }

  private RetryingStorage(
      Storage storage, List<Duration> pauses, AtomicInteger inVain, LongAdder retries, LongAdder errors, LongAdder answers) {
    this.storage = storage;
    this.pauses = pauses;
    this.inVain = inVain;
    this.retries = retries;
    this.errors = errors;
    this.answers = answers;
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
  public void leaves(String parent, List<String> directories, String leaf, BiConsumer<String, Leaf> to) {
    record Found(String directory, Leaf leaf) {}

    retrying(() -> {
      List<Found> all = new ArrayList<>();
      storage.leaves(parent, directories, leaf, (directory, found) -> all.add(new Found(directory, found)));
      return all;
    }).forEach(found -> to.accept(found.directory(), found.leaf()));
  }

  @Override
  public int count(String directory, int limit) {
    return retrying(() -> storage.count(directory, limit));
  }

  @Override
  public Storage listed(String directory) {
    Storage listed = retrying(() -> storage.listed(directory));
    return listed == storage ? this : new RetryingStorage(listed, pauses, inVain, retries, errors, answers);
  }

  @Override
  public int parallelism() {
    return storage.parallelism();
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
  public <T> Optional<T> read(String path, Content<T> content) {
    return retrying(() -> storage.read(path, content));
  }

  @Override
  public Optional<Long> delete(String path) {
    return retrying(() -> storage.delete(path));
  }

  @Override
  public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
    Map<String, StorageException> failures = new LinkedHashMap<>();
    storage.deleteAll(paths, allowed).forEach((path, failure) -> {
      if (failure.settled()) {
        countSettled(failure);
        failures.put(path, failure);
        return;
      }
      retries.increment();
      try {
        retrying(() -> {
          for (StorageException again : storage.deleteAll(List.of(path), allowed).values()) {
            throw again;
          }
          return null;
        });
      } catch (StorageException e) {
        failures.put(path, e);
      }
    });
    return failures;
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

  @Override
  public Map<String, Long> requests() {
    return storage.requests();
  }

  @Override
  public void close() {
    storage.close();
  }

  /** How many calls were tried again. */
  public long retries() {
    return retries.sum();
  }

  /** How many calls were answered. */
  public long answers() {
    return answers.sum();
  }

  /** How many calls failed for good. */
  public long errors() {
    return errors.sum();
  }

  private <T> T retrying(Supplier<T> call) {
    List<Duration> patience = inVain.get() < PATIENCE ? pauses : List.of();
    for (Duration pause : patience) {
      try {
        return answered(call.get());
      } catch (StorageException e) {
        if (e.settled()) {
          countSettled(e);
          throw e;
        }
        retries.increment();
        pause(pause, e);
      }
    }
    try {
      return answered(call.get());
    } catch (StorageException e) {
      errors.increment();
      if (!e.settled()) {
        inVain.incrementAndGet();
      }
      throw e;
    }
  }

  /** That nobody wants it any more is no error of the storage. */
  private void countSettled(StorageException failure) {
    if (!(failure instanceof NotAllowedException)) {
      errors.increment();
    }
  }

  private <T> T answered(T answer) {
    answers.increment();
    if (inVain.get() != 0) {
      inVain.set(0);
    }
    return answer;
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
