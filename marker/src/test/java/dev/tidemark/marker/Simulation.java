package dev.tidemark.marker;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * P markers and the partitions between them, in memory. Order is kept in each topic's partition, as Kafka keeps it, and is
 * random otherwise. A task's store, its positions and what it sent are committed together, or rolled back together.
 */
final class Simulation {

  private final int partitions;
  private final Random random;
  private final List<Task> tasks = new ArrayList<>();
  /** By partition: manifests, blobs, layers, marks. */
  private final List<List<List<Object>>> queues = new ArrayList<>();

  private int sliceRows = 1_000;
  private boolean repeating;
  private boolean crashing;

  Simulation(int partitions, Random random) {
    this.partitions = partitions;
    this.random = random;
    for (int p = 0; p < partitions; p++) {
      queues.add(List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
      tasks.add(new Task(p));
    }
  }

  Simulation repeating() {
    repeating = true;
    return this;
  }

  Simulation crashing() {
    crashing = true;
    return this;
  }

  Simulation slicesOf(int rows) {
    sliceRows = rows;
    return this;
  }

  int partition(Digest digest) {
    return Math.floorMod(digest.hex().hashCode(), partitions);
  }

  /** Publishes a run's input, in random order, with its barriers. */
  void publish(RunId run, Options options, Collection<EnumeratedRecord> records) {
    int[][] counts = new int[Input.values().length][partitions];
    for (Input input : Input.values()) {
      for (int p = 0; p < partitions; p++) {
        queue(p, input).add(new StartOfInput(run, input, options));
      }
    }
    List<EnumeratedRecord> shuffled = new ArrayList<>(records);
    java.util.Collections.shuffle(shuffled, random);
    for (EnumeratedRecord record : shuffled) {
      Input input = input(record);
      int p = partition(digest(record));
      queue(p, input).add(record);
      counts[input.ordinal()][p]++;
    }
    for (Input input : Input.values()) {
      for (int p = 0; p < partitions; p++) {
        queue(p, input).add(new EndOfInput(run, input, counts[input.ordinal()][p]));
      }
    }
  }

  /** How many records are published and not yet consumed. */
  int published() {
    return queues.stream().flatMap(List::stream).mapToInt(List::size).sum();
  }

  /** Removes one of the records of the input that are published. */
  Object loseInput(int index) {
    int left = index;
    for (List<List<Object>> partition : queues) {
      for (List<Object> queue : partition) {
        if (left < queue.size()) {
          return queue.remove(left);
        }
        left -= queue.size();
      }
    }
    throw new IllegalArgumentException("there is no record " + index);
  }

  /** Loses the mark or barrier with this number, counted over all that the tasks send. */
  private int loseSent = -1;

  private int sentSoFar;

  Simulation losing(int sent) {
    loseSent = sent;
    return this;
  }

  /** Delivers everything, and everything that comes of it. */
  void run() {
    while (step(Integer.MAX_VALUE)) {
      // Goes on until nothing is left.
    }
  }

  /** Delivers some records. */
  void run(int records) {
    for (int i = 0; i < records && step(records); i++) {
      // Goes on.
    }
  }

  private boolean step(int ignored) {
    List<Task> ready = tasks.stream().filter(Task::hasWork).toList();
    if (ready.isEmpty()) {
      tasks.forEach(Task::commit);
      return tasks.stream().anyMatch(Task::hasWork);
    }
    ready.get(random.nextInt(ready.size())).work();
    return true;
  }

  Set<String> eligible(RunId run, boolean dryRun) {
    Set<String> all = new TreeSet<>();
    for (Eligible eligible : eligibleRecords(run, dryRun)) {
      all.add(eligible.kind() + " " + eligible.repository() + " " + eligible.digest());
    }
    return all;
  }

  List<Eligible> eligibleRecords(RunId run, boolean dryRun) {
    return tasks.stream()
        .flatMap(task -> (dryRun ? task.dryRunSent : task.eligibleSent).stream())
        .filter(record -> record.run().equals(run) && record instanceof Eligible)
        .map(Eligible.class::cast)
        .toList();
  }

  List<EligibleRecord> eligibleOf(int partition, boolean dryRun) {
    return dryRun ? tasks.get(partition).dryRunSent : tasks.get(partition).eligibleSent;
  }

  List<RunRecord.Decided> decided(RunId run) {
    return tasks.stream()
        .flatMap(task -> task.runsSent.stream())
        .filter(record -> record.run().equals(run) && record instanceof RunRecord.Decided)
        .map(RunRecord.Decided.class::cast)
        .toList();
  }

  List<RunRecord.Failed> failed(RunId run) {
    return tasks.stream()
        .flatMap(task -> task.runsSent.stream())
        .filter(record -> record.run().equals(run) && record instanceof RunRecord.Failed)
        .map(RunRecord.Failed.class::cast)
        .toList();
  }

  /** The digests that the stores know of. */
  Set<Digest> rows() {
    Set<Digest> digests = new TreeSet<>();
    tasks.forEach(task -> task.store.rows.keySet().forEach(key -> digests.add(RowCodec.digest(key))));
    return digests;
  }

  private List<Object> queue(int partition, Input input) {
    return queues.get(partition).get(input.ordinal());
  }

  private static Input input(EnumeratedRecord record) {
    return switch (record) {
      case EnumeratedRecord.Manifest m -> Input.MANIFESTS;
      case EnumeratedRecord.Blob b -> Input.BLOBS;
      case EnumeratedRecord.Layer l -> Input.LAYERS;
      case StartOfInput s -> s.input();
      case EndOfInput e -> e.input();
    };
  }

  private static Digest digest(EnumeratedRecord record) {
    return switch (record) {
      case EnumeratedRecord.Manifest m -> m.digest();
      case EnumeratedRecord.Blob b -> b.digest();
      case EnumeratedRecord.Layer l -> l.digest();
      case StartOfInput s -> throw new IllegalArgumentException();
      case EndOfInput e -> throw new IllegalArgumentException();
    };
  }

  private final class Task implements Outbox {

    private final int partition;
    private MemoryStore store = new MemoryStore();
    private MemoryStore committedStore = new MemoryStore();
    private final int[] positions = new int[4];
    private int[] committedPositions = new int[4];
    private final List<Runnable> pending = new ArrayList<>();
    private final List<EligibleRecord> eligibleSent = new ArrayList<>();
    private final List<EligibleRecord> dryRunSent = new ArrayList<>();
    private final List<RunRecord> runsSent = new ArrayList<>();
    private Marker marker;

    Task(int partition) {
      this.partition = partition;
      start();
    }

    private void start() {
      marker = new Marker(partition, partitions, Simulation.this::partition, store, this);
    }

    boolean hasWork() {
      return marker.deciding() || nonEmpty().length > 0;
    }

    private int[] nonEmpty() {
      int[] open = new int[4];
      int count = 0;
      for (int topic = 0; topic < 4; topic++) {
        if (positions[topic] < queues.get(partition).get(topic).size()) {
          open[count++] = topic;
        }
      }
      return Arrays.copyOf(open, count);
    }

    void work() {
      int[] open = nonEmpty();
      if (marker.deciding() && (open.length == 0 || random.nextBoolean())) {
        marker.decide(sliceRows);
      } else {
        int topic = open[random.nextInt(open.length)];
        List<Object> queue = queues.get(partition).get(topic);
        deliver(queue.get(positions[topic]++));
        if (repeating && random.nextInt(3) == 0) {
          deliver(queue.get(random.nextInt(positions[topic])));
        }
      }
      if (random.nextInt(4) == 0) {
        commit();
      } else if (crashing && random.nextInt(12) == 0) {
        crash();
      }
    }

    private void deliver(Object record) {
      switch (record) {
        case EnumeratedRecord enumerated -> marker.on(enumerated);
        case MarksRecord mark -> marker.on(mark);
        default -> throw new IllegalStateException();
      }
    }

    void commit() {
      committedStore = store.copy();
      committedPositions = positions.clone();
      pending.forEach(Runnable::run);
      pending.clear();
    }

    private void crash() {
      store = committedStore.copy();
      System.arraycopy(committedPositions, 0, positions, 0, 4);
      pending.clear();
      start();
    }

    @Override
    public void marks(int to, MarksRecord record) {
      pending.add(() -> {
        if (sentSoFar++ != loseSent) {
          queues.get(to).get(3).add(record);
        }
      });
    }

    @Override
    public void eligible(boolean dryRun, EligibleRecord record) {
      pending.add(() -> (dryRun ? dryRunSent : eligibleSent).add(record));
    }

    @Override
    public void run(RunRecord record) {
      pending.add(() -> runsSent.add(record));
    }

    @Override
    public void flush() {
      // Commits come when they come.
    }
  }

  /** Rows in a sorted map, in the order of unsigned bytes. */
  static final class MemoryStore implements MarkStore {

    private final TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
    private byte[] progress;

    private MemoryStore copy() {
      var copy = new MemoryStore();
      copy.rows.putAll(rows);
      copy.progress = progress;
      return copy;
    }

    @Override
    public byte[] get(byte[] key) {
      return rows.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
      rows.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      rows.remove(key);
    }

    @Override
    public Cursor from(byte[] key) {
      Iterator<Map.Entry<byte[], byte[]>> snapshot = new TreeMap<>(rows.tailMap(key, true)).entrySet().iterator();
      return new Cursor() {
        @Override
        public boolean hasNext() {
          return snapshot.hasNext();
        }

        @Override
        public Entry next() {
          Map.Entry<byte[], byte[]> next = snapshot.next();
          return new Entry(next.getKey(), next.getValue());
        }

        @Override
        public void close() {
          // Nothing is held.
        }
      };
    }

    @Override
    public byte[] progress() {
      return progress;
    }

    @Override
    public void saveProgress(byte[] saved) {
      progress = saved;
    }
  }
}
