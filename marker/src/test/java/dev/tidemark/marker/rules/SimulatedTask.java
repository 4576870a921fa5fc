package dev.tidemark.marker.rules;

import dev.tidemark.kafka.Buffers;
import dev.tidemark.marker.rows.MemoryStore;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
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
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.Serializer;

/**
 * The marker of a partition, in memory. Its store, its positions and what it sent are committed together, or rolled
 * back together.
 */
final class SimulatedTask implements Outbox {

    static final Serializer<EligibleRecord> ELIGIBLE = new JsonSerde<>(EligibleRecord.class).serializer();
    private static final int MARKS = Input.values().length;

    private final Simulation simulation;
    private final int partitions;
    private final PublishedInput input;
    private final Random random;
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

    /**
     * @param simulation that it is a part of, and that says what happens to it
     * @param random that of the simulation
     */
    SimulatedTask(Simulation simulation, int partition, int partitions, Random random) {
        this.simulation = simulation;
        this.partition = partition;
        this.partitions = partitions;
        this.random = random;
        input = simulation.input();
        start();
    }

    private void start() {
        marker = new Marker(
                partition,
                new MarkPacks(partitions, this::partitionOf, new Buffers(partitions).packDigests()),
                simulation::isOver,
                store,
                this,
                random.nextBoolean() ? 1 + random.nextInt(20) : 10_000);
    }

    /** Asked for the mark at hand, when what brings it about is stored already. */
    private int partitionOf(Digest digest) {
        simulation.breakOff();
        return input.partition(digest);
    }

    int partition() {
        return partition;
    }

    MemoryStore store() {
        return store;
    }

    /** What is committed of what it has found eligible. */
    List<EligibleRecord> sent(boolean dryRun) {
        return dryRun ? dryRunSent : eligibleSent;
    }

    /** What is committed of what it has said of runs. */
    List<RunRecord> runsSent() {
        return runsSent;
    }

    boolean hasWork() {
        return marker.deciding() || nonEmpty().length > 0;
    }

    private int[] nonEmpty() {
        int[] open = IntStream.rangeClosed(0, MARKS)
                .filter(t -> positions[t] < input.queue(partition, t).size())
                .toArray();
        return open.length > 1
                ? Arrays.stream(open).filter(t -> t != simulation.last()).toArray()
                : open;
    }

    void work() {
        try {
            workOff();
        } catch (Simulation.BrokenOff e) {
            marker.abandon()
                    .ifPresent(run ->
                            pending.add(() -> runsSent.add(new RunRecord.Failed(run, "marker", "it broke off"))));
        }
        if (random.nextInt(4) == 0) {
            commit();
        } else if (simulation.crashes()) {
            crash();
        }
    }

    private void workOff() {
        int[] open = nonEmpty();
        if (marker.deciding() && (open.length == 0 || random.nextBoolean())) {
            marker.decide(simulation.sliceRows());
        } else {
            int topic = open[random.nextInt(open.length)];
            List<Object> queue = input.queue(partition, topic);
            deliver(queue.get(positions[topic]++));
            if (simulation.repeats()) {
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
        simulation.breakOff();
        pending.add(() -> simulation.send(record));
    }

    @Override
    public byte[] eligible(boolean dryRun, EligibleRecord record) {
        simulation.breakOff();
        pending.add(() -> sent(dryRun).add(record));
        return ELIGIBLE.serialize(null, record);
    }

    @Override
    public void decided(RunRecord.Decided record) {
        simulation.breakOff();
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
