package dev.tidemark.marker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.marker.rows.LeftoverRow;
import dev.tidemark.marker.rows.MemoryStore;
import dev.tidemark.marker.rows.Row;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serializer;

/**
 * P markers and the partitions between them, in memory. Order is kept in each topic's partition, as Kafka keeps it,
 * and is random otherwise. A task's store, its positions and what it sent are committed together, or rolled back
 * together.
 */
final class Simulation {

    private static final Serializer<EligibleRecord> ELIGIBLE = new JsonSerde<>(EligibleRecord.class).serializer();
    private static final int MARKS = Input.values().length;

    private final int partitions;
    private final Random random;
    private final List<Task> tasks = new ArrayList<>();
    private final PublishedInput input;

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
        input = new PublishedInput(partitions, random);
        this.slow = random.nextInt(2 * partitions);
        this.last = List.of(MARKS, random.nextInt(MARKS), -1).get(random.nextInt(3));
        for (int p = 0; p < partitions; p++) {
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

    /** The topics that the tasks read. */
    PublishedInput input() {
        return input;
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
            all.add(Model.text(eligible));
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

    /** All rows of the stores, as {@code kind repository digest}, of every run. */
    Set<String> rows() {
        Set<String> rows = new TreeSet<>();
        tasks.forEach(task -> task.store.each((digest, repository, row) -> rows.add(switch (row) {
                    case Row.OfDigest own -> own.present() ? "blob" : "no blob";
                    case Row.OfLink link -> link.present() ? "layer" : "no layer";
                    case Row.OfManifest manifest -> "manifest";
                    case Row.OfReferrers referrers -> "no referrers";
                    case LeftoverRow leftover -> "leftover";
                }
                + " " + repository + " " + digest)));
        return rows;
    }

    /** The runs whose rows the stores hold. */
    Set<Long> runsOfRows() {
        Set<Long> runs = new TreeSet<>();
        tasks.forEach(task -> task.store.each((digest, repository, row) -> runs.add(row.run())));
        return runs;
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
            marker = new Marker(
                    partition,
                    new MarkPacks(partitions, this::partitionOf, new Buffers(partitions).packDigests()),
                    run -> run.equals(over) && random.nextInt(3) > 0,
                    store,
                    this,
                    random.nextBoolean() ? 1 + random.nextInt(20) : 10_000);
        }

        /** Asked for the mark at hand, when what brings it about is stored already. */
        private int partitionOf(Digest digest) {
            breakOff();
            return input.partition(digest);
        }

        boolean hasWork() {
            return marker.deciding() || nonEmpty().length > 0;
        }

        private int[] nonEmpty() {
            int[] open = IntStream.rangeClosed(0, MARKS)
                    .filter(t -> positions[t] < input.queue(partition, t).size())
                    .toArray();
            return open.length > 1 ? Arrays.stream(open).filter(t -> t != last).toArray() : open;
        }

        void work() {
            try {
                workOff();
            } catch (BrokenOff e) {
                marker.abandon()
                        .ifPresent(run ->
                                pending.add(() -> runsSent.add(new RunRecord.Failed(run, "marker", "it broke off"))));
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
                List<Object> queue = input.queue(partition, topic);
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
                    input.marks(record.to()).add(record);
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
}
