package dev.tidemark.marker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.testkit.Held;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serializer;

/**
 * P markers and the partitions between them, in memory. Order is kept in each topic's partition, as Kafka keeps it, and is
 * random otherwise. A task's store, its positions and what it sent are committed together, or rolled back together.
 */
final class Simulation {

  private static final Serializer<EligibleRecord> ELIGIBLE = new JsonSerde<>(EligibleRecord.class).serializer();
  private static final int MARKS = Input.values().length;

  private final int partitions;
  private final Random random;
  private final List<Task> tasks = new ArrayList<>();
  /** By partition: manifests, blobs, layers, marks. */
  private final List<List<List<Object>>> queues = new ArrayList<>();

  private int sliceRows = 1_000;
  private boolean repeating;
  private boolean crashing;
  /** The task that lags behind the others; none if there is no such partition. */
  private final int slow;
  /** The topic that is read only when nothing else is there; or -1. */
  private final int last;
  private int loseSent = -1;
  private int sentSoFar;
  private int deprived = -1;
  private boolean breaking;
  private RunId over;

  Simulation(int partitions, Random random) {
    this.partitions = partitions;
    this.random = random;
    this.slow = random.nextInt(2 * partitions);
    this.last = List.of(MARKS, random.nextInt(MARKS), -1).get(random.nextInt(3));
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

  /** From here on, or not any more, what the tasks do breaks off now and then, at any point. */
  Simulation breaking(boolean now) {
    breaking = now;
    return this;
  }

  /** From here on tasks may know that a run is over; and forget it again, as one does that starts anew. */
  void over(RunId run) {
    over = run;
  }

  private void breakOff() {
    if (breaking && random.nextInt(100) == 0) {
      throw new BrokenOff();
    }
  }

  private static final class BrokenOff extends RuntimeException {}

  int partition(Digest digest) {
    return Math.floorMod(digest.hex().hashCode(), partitions);
  }

  /** Publishes a run's input, in random order, with its barriers. */
  void publish(RunId run, Options options, Collection<Held<?>> registry) {
    publish(run, options, registry, List.of());
  }

  /**
   * Publishes a run's input, the first of the simulation.
   *
   * @param again says something else of what is in the registry already: the barriers don't count it
   */
  void publish(RunId run, Options options, Collection<Held<?>> registry, Collection<Held<?>> again) {
    int[][] counts = new int[Input.values().length][partitions];
    for (Input input : Input.values()) {
      for (int p = 0; p < partitions; p++) {
        queue(p, input).add(new StartOfInput(run, input, options, Checksum.NONE));
      }
    }
    List<Held<?>> shuffled = new ArrayList<>(registry);
    Collections.shuffle(shuffled, random);
    for (Held<?> one : shuffled) {
      int p = partition(one.digest());
      queue(p, one.input()).add(one);
      counts[one.input().ordinal()][p]++;
    }
    for (Held<?> one : again) {
      List<Object> queue = queue(partition(one.digest()), one.input());
      queue.add(1 + random.nextInt(queue.size()), one);
    }
    for (Input input : Input.values()) {
      for (int p = 0; p < partitions; p++) {
        List<Object> queue = queue(p, input);
        pack(run, queue.subList(queue.lastIndexOf(new StartOfInput(run, input, options, Checksum.NONE)) + 1, queue.size()));
        queue(p, input).add(new EndOfInput(run, input, counts[input.ordinal()][p], Checksum.NONE));
      }
    }
  }

  /** Puts what a registry holds into packs, some of them of one, each where its first one was. */
  private void pack(RunId run, List<Object> held) {
    Map<String, List<Held<?>>> open = new HashMap<>();
    List<List<Held<?>>> packs = new ArrayList<>();
    for (Object each : held) {
      var one = (Held<?>) each;
      String kind = one.input() + " " + one.repository();
      boolean alone = random.nextInt(3) == 0;
      if (alone || !open.containsKey(kind)) {
        open.put(kind, new ArrayList<>());
        packs.add(open.get(kind));
      }
      open.get(kind).add(one);
      if (alone) {
        open.remove(kind);
      }
    }
    held.clear();
    packs.forEach(pack -> held.add(Held.pack(run, pack)));
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
  Simulation losing(int sent) {
    loseSent = sent;
    return this;
  }

  /** The partition that did not get what was lost; -1 if nothing was. */
  int deprived() {
    return deprived;
  }

  /** Delivers everything, and everything that comes of it. */
  void run() {
    run(Integer.MAX_VALUE);
  }

  /** Delivers some records. */
  void run(int records) {
    int left = records;
    while (left-- > 0 && step()) {
      // Goes on.
    }
  }

  /** Lets one task do something; says whether there may be more to do. */
  private boolean step() {
    List<Task> ready = tasks.stream().filter(Task::hasWork).toList();
    if (ready.isEmpty()) {
      tasks.forEach(Task::commit);
      return tasks.stream().anyMatch(Task::hasWork);
    }
    Task task = ready.get(random.nextInt(ready.size()));
    if (task.partition != slow || ready.size() == 1 || random.nextInt(10) == 0) {
      task.work();
    }
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

  /** The barriers after what is eligible, and the checksums of what is before them. */
  void assertChecksums(RunId run, boolean dryRun) {
    for (Task task : tasks) {
      Checksum sum = Checksum.NONE;
      for (EligibleRecord record : dryRun ? task.dryRunSent : task.eligibleSent) {
        if (record.run().equals(run)) {
          if (record instanceof EligibleRecord.EndOfEligible end) {
            assertThat(end.checksum()).isEqualTo(sum);
          }
          sum = sum.plus(ELIGIBLE.serialize(null, record));
        }
      }
    }
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

  /** What the stores say is there, as {@code kind repository digest}, of whatever run. */
  Set<String> rows() {
    Set<String> rows = new TreeSet<>();
    eachRow((digest, repository, row) -> rows.add(
        switch (row) {
          case Row.OfDigest own -> own.present() ? "blob" : "no blob";
          case Row.OfLink link -> link.present() ? "layer" : "no layer";
          case Row.OfManifest manifest -> "manifest";
        } + " " + repository + " " + digest));
    return rows;
  }

  /** The runs whose rows the stores hold. */
  Set<Long> runsOfRows() {
    Set<Long> runs = new TreeSet<>();
    eachRow((digest, repository, row) -> runs.add(row.run()));
    return runs;
  }

  private interface EachRow {
    void on(Digest digest, String repository, Row row);
  }

  private void eachRow(EachRow each) {
    for (Task task : tasks) {
      task.store.rows.forEach((key, value) -> {
        Digest digest = RowCodec.digest(key);
        switch (RowCodec.kind(key)) {
          case RowCodec.DIGEST -> {
            DigestRows all = RowCodec.digestRows(value);
            if (all.own() != null) {
              each.on(digest, "", all.own());
            }
            all.links().forEach((repository, row) -> each.on(digest, repository, row));
            all.manifests().forEach((repository, row) -> each.on(digest, repository, row));
          }
          case RowCodec.LINK -> each.on(digest, RowCodec.repository(key), RowCodec.ofLink(value));
          default -> each.on(digest, RowCodec.repository(key), RowCodec.ofManifest(value));
        }
      });
    }
  }

  private List<Object> queue(int partition, Input input) {
    return queues.get(partition).get(input.ordinal());
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
      marker = new Marker(partition, partitions, this::partitionOf, run -> run.equals(over) && random.nextInt(3) > 0, store, this, random.nextBoolean() ? 1 + random.nextInt(20) : 10_000);
    }

    /** Asked for the mark at hand, when what brings it about is stored already. */
    private int partitionOf(Digest digest) {
      breakOff();
      return partition(digest);
    }

    boolean hasWork() {
      return marker.deciding() || nonEmpty().length > 0;
    }

    private int[] nonEmpty() {
      int[] open = IntStream.rangeClosed(0, MARKS).filter(t -> positions[t] < queues.get(partition).get(t).size()).toArray();
      return open.length > 1 ? Arrays.stream(open).filter(t -> t != last).toArray() : open;
    }

    void work() {
      try {
        workOff();
      } catch (BrokenOff e) {
        marker.abandon().ifPresent(run -> pending.add(() -> runsSent.add(new RunRecord.Failed(run, "marker", "it broke off"))));
      }
      if (random.nextInt(4) == 0) {
        commit();
      } else if (crashing && random.nextInt(12) == 0) {
        crash();
      }
    }

    private void workOff() {
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
    }

    private void deliver(Object record) {
      switch (record) {
        case EnumeratedRecord enumerated -> marker.on(enumerated);
        case MarksRecord mark -> marker.on(mark);
        default -> throw new IllegalStateException();
      }
    }

    void commit() {
      marker.beforeCommit();
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
    public void marks(MarksRecord record) {
      breakOff();
      pending.add(() -> {
        if (sentSoFar++ == loseSent) {
          deprived = record.to();
        } else {
          queues.get(record.to()).get(MARKS).add(record);
        }
      });
    }

    @Override
    public byte[] eligible(boolean dryRun, EligibleRecord record) {
      breakOff();
      pending.add(() -> (dryRun ? dryRunSent : eligibleSent).add(record));
      return ELIGIBLE.serialize(null, record);
    }

    @Override
    public void decided(RunRecord.Decided record) {
      breakOff();
      pending.add(() -> runsSent.add(record));
    }

    @Override
    public void failed(RunId run, String why) {
      pending.add(() -> runsSent.add(new RunRecord.Failed(run, "marker", why)));
    }

    @Override
    public void flush() {
      // Commits come when they come.
    }
  }

  /** Rows in a sorted map, in the order of unsigned bytes. */
  static final class MemoryStore implements MarkStore {

    final TreeMap<byte[], byte[]> rows = new TreeMap<>(Arrays::compareUnsigned);
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
    public void putAll(List<Entry> entries) {
      entries.forEach(entry -> rows.put(entry.key(), entry.value()));
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
