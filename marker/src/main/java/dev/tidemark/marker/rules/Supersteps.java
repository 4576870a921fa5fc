package dev.tidemark.marker.rules;

import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.MarksRecord.EndOfSuperstep;
import dev.tidemark.schemas.MarksRecord.Marks;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.text.Counted;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The barriers of a run in one partition: input ends, supersteps end, and the fixed point is reached when one has
 * sent no mark. Counts that don't add up, a record too few or a gap in a sequence, fail the run.
 */
final class Supersteps {

    private final int partition;
    private final TaskProgress progress;
    private final MarkPacks packs;
    private final Outbox out;
    private final Consumer<String> fail;

    /**
     * @param fail told why the run fails
     */
    Supersteps(int partition, TaskProgress progress, MarkPacks packs, Outbox out, Consumer<String> fail) {
        this.partition = partition;
        this.progress = progress;
        this.packs = packs;
        this.out = out;
        this.fail = fail;
    }

    void start(StartOfInput start) {
        if (progress.options != null && !progress.options.equals(start.options())) {
            fail.accept(
                    "the run's first barriers do not say the same: " + progress.options + " and " + start.options());
            return;
        }
        progress.options = start.options();
    }

    /** Takes a record between the barriers of its topic. */
    void take(Input input, Runnable step) {
        if (progress.options == null) {
            fail.accept("a record of " + topic(input) + " came before the run's first barrier");
            return;
        }
        step.run();
        int index = input.ordinal();
        if (progress.promised[index] >= 0 && progress.received[index] > progress.promised[index]) {
            fail.accept("a record of " + topic(input) + " came after the run's last barrier");
        }
    }

    void end(EndOfInput end) {
        int input = end.input().ordinal();
        if (progress.received[input] != end.records()) {
            fail.accept("partition %d of %s has %s, and the enumerator wrote %d"
                    .formatted(
                            partition,
                            topic(end.input()),
                            Counted.of(progress.received[input], "record"),
                            end.records()));
            return;
        }
        if (progress.options == null) {
            fail.accept("the first barrier of " + topic(end.input()) + " is missing");
            return;
        }
        boolean again = progress.promised[input] >= 0;
        progress.promised[input] = end.records();
        if (!again && progress.inputComplete()) {
            progress.phase = TaskProgress.Phase.MARKING;
            endSuperstep();
        }
    }

    private static String topic(Input input) {
        return input.name().toLowerCase(Locale.ROOT);
    }

    /** Takes another task's barrier, and ends supersteps as long as the barriers that are in allow it. */
    void end(EndOfSuperstep end) {
        progress.ended[end.from()] = end.superstep();
        progress.sentBy[end.from()][end.superstep() & 1] = end.sent();
        while (progress.phase == TaskProgress.Phase.MARKING
                && progress.ended[partition] == progress.superstep
                && progress.everyoneEnded(progress.superstep)) {
            if (progress.sentByAll(progress.superstep) == 0) {
                progress.phase = TaskProgress.Phase.DECIDING;
            } else {
                progress.superstep++;
                endSuperstep();
            }
        }
    }

    /** All that reached this task in the superstep is done: tell everyone, oneself too. */
    private void endSuperstep() {
        sendMarks();
        for (int to = 0; to < progress.partitions; to++) {
            out.marks(new EndOfSuperstep(
                    RunId.of(progress.run),
                    partition,
                    ++progress.sequenceOut[to],
                    to,
                    progress.superstep,
                    progress.sent));
        }
        progress.sent = 0;
        out.flush();
    }

    /** Sends the marks that the record at hand has brought about. */
    void sendMarks() {
        for (int to = 0; to < progress.partitions; to++) {
            for (List<Marks.Entry> pack : packs.take(to)) {
                out.marks(new Marks(RunId.of(progress.run), partition, ++progress.sequenceOut[to], to, pack));
            }
        }
    }

    /** Whether the record is the next one of its sender. A repeated one is passed over, a gap fails the run. */
    boolean inSequence(MarksRecord record) {
        if (record.from() < 0 || record.from() >= progress.partitions) {
            fail.accept("partition %d of marks has a record of task %d, and there are %d"
                    .formatted(partition, record.from(), progress.partitions));
            return false;
        }
        long expected = progress.sequenceIn[record.from()] + 1;
        if (record.sequence() > expected) {
            fail.accept(
                    "partition %d of marks lacks record %d of task %d".formatted(partition, expected, record.from()));
            return false;
        }
        if (record.sequence() < expected) {
            return false;
        }
        progress.sequenceIn[record.from()] = expected;
        return true;
    }
}
