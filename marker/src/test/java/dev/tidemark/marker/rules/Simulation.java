package dev.tidemark.marker.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.marker.rows.LeftoverRow;
import dev.tidemark.marker.rows.Row;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * P markers and the partitions between them, in memory. Order is kept in each topic's partition, as Kafka keeps it,
 * and is random otherwise.
 */
final class Simulation {

    private static final int MARKS = Input.values().length;

    private final Random random;
    private final List<SimulatedTask> tasks = new ArrayList<>();
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
        this.random = random;
        input = new PublishedInput(partitions, random);
        this.slow = random.nextInt(2 * partitions);
        this.last = List.of(MARKS, random.nextInt(MARKS), -1).get(random.nextInt(3));
        for (int p = 0; p < partitions; p++) {
            tasks.add(new SimulatedTask(this, p, partitions, random));
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

    void breakOff() {
        if (breaking && random.nextInt(100) == 0) {
            throw new BrokenOff();
        }
    }

    static final class BrokenOff extends RuntimeException {}

    boolean isOver(RunId run) {
        return run.equals(over) && random.nextInt(3) > 0;
    }

    boolean repeats() {
        return repeating && random.nextInt(3) == 0;
    }

    boolean crashes() {
        return crashing && random.nextInt(12) == 0;
    }

    int sliceRows() {
        return sliceRows;
    }

    int last() {
        return last;
    }

    /** Delivers a mark or barrier, unless it is the one to be lost. */
    void send(MarksRecord record) {
        if (sentSoFar++ == loseSent) {
            deprived = record.to();
        } else {
            input.marks(record.to()).add(record);
        }
    }

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
        List<SimulatedTask> ready =
                tasks.stream().filter(SimulatedTask::hasWork).toList();
        if (ready.isEmpty()) {
            tasks.forEach(SimulatedTask::commit);
            return tasks.stream().anyMatch(SimulatedTask::hasWork);
        }
        SimulatedTask task = ready.get(random.nextInt(ready.size()));
        if (task.partition() != slow || ready.size() == 1 || random.nextInt(10) == 0) {
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
                .flatMap(task -> task.sent(dryRun).stream())
                .filter(record -> record.run().equals(run) && record instanceof Eligible)
                .map(Eligible.class::cast)
                .toList();
    }

    /** The barriers after what is eligible, and the checksums of what is before them. */
    void assertChecksums(RunId run, boolean dryRun) {
        for (SimulatedTask task : tasks) {
            Checksum sum = Checksum.NONE;
            for (EligibleRecord record : task.sent(dryRun)) {
                if (record.run().equals(run)) {
                    if (record instanceof EligibleRecord.EndOfEligible end) {
                        assertThat(end.checksum()).isEqualTo(sum);
                    }
                    sum = sum.plus(SimulatedTask.ELIGIBLE.serialize(null, record));
                }
            }
        }
    }

    List<EligibleRecord> eligibleOf(int partition, boolean dryRun) {
        return tasks.get(partition).sent(dryRun);
    }

    List<RunRecord.Decided> decided(RunId run) {
        return tasks.stream()
                .flatMap(task -> task.runsSent().stream())
                .filter(record -> record.run().equals(run) && record instanceof RunRecord.Decided)
                .map(RunRecord.Decided.class::cast)
                .toList();
    }

    List<RunRecord.Failed> failed(RunId run) {
        return tasks.stream()
                .flatMap(task -> task.runsSent().stream())
                .filter(record -> record.run().equals(run) && record instanceof RunRecord.Failed)
                .map(RunRecord.Failed.class::cast)
                .toList();
    }

    /** All rows of the stores, as {@code kind repository digest}, of every run. */
    Set<String> rows() {
        Set<String> rows = new TreeSet<>();
        tasks.forEach(task -> task.store()
                .each((digest, repository, row) -> rows.add(switch (row) {
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
        tasks.forEach(task -> task.store().each((digest, repository, row) -> runs.add(row.run())));
        return runs;
    }
}
