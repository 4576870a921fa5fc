package dev.tidemark.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries again, a few times and ever later, when the storage does not answer. What is settled stays so: a storage that asks again by
 * itself has done so by then.
 */
public final class RetryingStorage implements Storage {

  private final Storage storage;
  private final List<Duration> pauses;
  private final Counts counts;

  /** What the storage shares with the listings of it. */
  private record Counts(Patience patience, LongAdder retries, LongAdder errors, LongAdder answers, Set<UnderWay> underWay) {}

  /** A call that is not answered yet. */
  private static final class UnderWay {

    private final String verb;
    private final String path;
    private final long since = System.nanoTime();

    UnderWay(String verb, String path) {
      this.verb = verb;
      this.path = path;
    }
  }

  /**
   * @param pauses before each further try, in order
   */
  public RetryingStorage(Storage storage, List<Duration> pauses) {
    this(
        storage, List.copyOf(pauses),
        new Counts(new Patience(), new LongAdder(), new LongAdder(), new LongAdder(), ConcurrentHashMap.newKeySet()));
  }

  private RetryingStorage(Storage storage, List<Duration> pauses, Counts counts) {
    this.storage = storage;
    this.pauses = pauses;
    this.counts = counts;
  }

  /** Four more tries within two seconds. */
  public static RetryingStorage of(Storage storage) {
    return new RetryingStorage(
        storage,
        List.of(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(500), Duration.ofMillis(1200)));
  }

  @Override
  public List<Child> children(String directory) {
    return retrying("list", directory, () -> storage.children(directory));
  }

  @Override
  public void leaves(String directory, String leaf, Consumer<Leaf> to) {
    // Collected first: a listing that fails half way has handed out nothing twice.
    retrying("list", directory, () -> {
      List<Leaf> leaves = new ArrayList<>();
      storage.leaves(directory, leaf, found -> {
        counts.answers.increment();
        leaves.add(found);
      });
      return leaves;
    }).forEach(to);
  }

  @Override
  public void leaves(String parent, List<String> directories, String leaf, BiConsumer<String, Leaf> to) {
    record Found(String directory, Leaf leaf) {}

    retrying("list", parent, () -> {
      List<Found> all = new ArrayList<>();
      storage.leaves(parent, directories, leaf, (directory, found) -> {
        counts.answers.increment();
        all.add(new Found(directory, found));
      });
      return all;
    }).forEach(found -> to.accept(found.directory(), found.leaf()));
  }

  @Override
  public int count(String directory, int limit) {
    return retrying("list", directory, () -> storage.count(directory, limit));
  }

  @Override
  public Storage listed(String directory) {
    Storage listed = retrying("list", directory, () -> storage.listed(directory));
    return listed == storage ? this : new RetryingStorage(listed, pauses, counts);
  }

  @Override
  public int parallelism() {
    return storage.parallelism();
  }

  @Override
  public Optional<Stat> stat(String path) {
    return retrying("look at", path, () -> storage.stat(path));
  }

  @Override
  public Optional<InputStream> open(String path) {
    return retrying("read", path, () -> storage.open(path));
  }

  @Override
  public <T> Optional<T> read(String path, Content<T> content) {
    return retrying("read", path, () -> storage.read(path, in -> content.of(new Heard(in))));
  }

  @Override
  public Optional<Long> delete(String path) {
    return retrying("delete", path, () -> storage.delete(path));
  }

  @Override
  public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
    Map<String, StorageException> failures = new LinkedHashMap<>();
    Map<String, StorageException> firstTry = paths.isEmpty()
        ? Map.of()
        : underWay("delete", paths.iterator().next(), () -> storage.deleteAll(paths, allowed));
    firstTry.forEach((path, failure) -> {
      if (failure.settled()) {
        countSettled(failure);
        failures.put(path, failure);
        return;
      }
      counts.retries.increment();
      try {
        retrying("delete", path, () -> {
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
    retrying("remove", directory, () -> {
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

  @Override
  public long retries() {
    return counts.retries.sum() + storage.retries();
  }

  /** How many calls failed for good. */
  public long errors() {
    return counts.errors.sum();
  }

  /** Grows with whatever the storage says, in the middle of a long call too, and with every try that it doesn't answer. */
  public long headway() {
    return counts.answers.sum() + counts.errors.sum() + counts.retries.sum()
        + storage.requests().values().stream().mapToLong(Long::longValue).sum();
  }

  /** The call that has waited longest for the end of its answer, in words; empty if none does. */
  public Optional<String> awaited() {
    return awaited(Duration.ZERO);
  }

  /** The same, if it has waited that long. */
  public Optional<String> awaited(Duration atLeast) {
    long before = System.nanoTime() - atLeast.toNanos();
    return counts.underWay.stream().filter(call -> call.since - before <= 0).min(Comparator.comparingLong(call -> call.since)).map(call ->
        "%d s ago to %s %s of %s".formatted(
            Duration.ofNanos(System.nanoTime() - call.since).toSeconds(), call.verb, call.path, storage.description()));
  }

  private <T> T retrying(String verb, String path, Supplier<T> call) {
    return underWay(verb, path, () -> retrying(call));
  }

  private <T> T underWay(String verb, String path, Supplier<T> call) {
    var underWay = new UnderWay(verb, path);
    counts.underWay.add(underWay);
    try {
      return call.get();
    } finally {
      counts.underWay.remove(underWay);
    }
  }

  private <T> T retrying(Supplier<T> call) {
    for (Duration pause : counts.patience.left() ? pauses : List.<Duration>of()) {
      try {
        return answered(call.get());
      } catch (StorageException e) {
        if (e.settled()) {
          countSettled(e);
          throw e;
        }
        counts.retries.increment();
        pause(pause, e);
      }
    }
    try {
      return answered(call.get());
    } catch (StorageException e) {
      counts.errors.increment();
      if (!e.settled()) {
        counts.patience.inVain();
      }
      throw e;
    }
  }

  /** That nobody wants it any more is no error of the storage. */
  private void countSettled(StorageException failure) {
    if (!(failure instanceof NotAllowedException) && !Thread.currentThread().isInterrupted()) {
      counts.errors.increment();
    }
  }

  private <T> T answered(T answer) {
    counts.answers.increment();
    counts.patience.answered();
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

  /** A content: each part of it that comes is headway. */
  private final class Heard extends FilterInputStream {

    Heard(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      counts.answers.increment();
      return read;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
      int read = super.read(buffer, from, length);
      counts.answers.increment();
      return read;
    }
  }
}
