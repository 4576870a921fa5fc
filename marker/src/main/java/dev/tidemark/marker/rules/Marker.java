package dev.tidemark.marker.rules;

import dev.tidemark.marker.rows.MarkStore;
import dev.tidemark.marker.rows.RowCache;
import dev.tidemark.marker.rows.RowGroup;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.EndOfInput;
import dev.tidemark.schemas.EnumeratedRecord.Input;
import dev.tidemark.schemas.EnumeratedRecord.StartOfInput;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.MarksRecord.EndOfSuperstep;
import dev.tidemark.schemas.MarksRecord.Marks;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.text.Counted;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One partition's part of a run, from its first record to its decision: {@link Marking} applies the rules, {@link
 * Supersteps} counts the barriers, {@link Decision} says what is eligible. It knows a store and an outbox, and
 * nothing of Kafka.
 *
 * <p>A run that fails is not decided: an error can delay a collection, never cause a deletion.
 */
public final class Marker {

    private final int partition;
    private final Predicate<RunId> over;
    private final MarkStore store;
    private final RowCache rows;
    private final Outbox out;
    private final TaskProgress progress;
    private final MarkPacks packs;
    private final Marking marking;
    private final Supersteps supersteps;

    /**
     * @param packs empty, for all partitions
     * @param over whether a run is known to have ended without the marker: nobody waits for a decision any more
     * @param rowsInMemory how many rows are kept in memory
     * @throws IllegalStateException if the store was made with another number of partitions
     */
    public Marker(
            int partition, MarkPacks packs, Predicate<RunId> over, MarkStore store, Outbox out, int rowsInMemory) {
        this.partition = partition;
        this.over = over;
        this.store = store;
        rows = new RowCache(store, rowsInMemory);
        this.out = out;
        this.packs = packs;
        byte[] saved = store.progress();
        progress = saved == null ? new TaskProgress(packs.partitions()) : TaskProgress.decode(saved);
        if (progress.partitions != packs.partitions()) {
            throw new IllegalStateException(
                    "the marker's state is of %s, the topics have %d: remove the state, or restore the topics"
                            .formatted(Counted.of(progress.partitions, "partition"), packs.partitions()));
        }
        marking = new Marking(progress, rows, packs);
        supersteps = new Supersteps(partition, progress, packs, out, this::fail);
    }

    /** Takes a record of {@code manifests}, {@code blobs} or {@code layers}. */
    public void on(EnumeratedRecord record) {
        if (!belongs(record.run())) {
            return;
        }
        switch (record) {
            case StartOfInput start -> supersteps.start(start);
            case EndOfInput end -> supersteps.end(end);
            case EnumeratedRecord.Manifests pack ->
                supersteps.take(
                        Input.MANIFESTS,
                        () -> pack.manifests().forEach(manifest -> marking.manifest(pack.repository(), manifest)));
            case EnumeratedRecord.Blobs pack ->
                supersteps.take(Input.BLOBS, () -> pack.blobs().forEach(marking::blob));
            case EnumeratedRecord.Layers pack ->
                supersteps.take(Input.LAYERS, () -> {
                    pack.layers().forEach(layer -> marking.layer(pack.repository(), layer));
                    pack.leftovers().forEach(leftover -> marking.leftover(pack.repository(), leftover));
                });
        }
        save();
    }

    /** Takes a record of {@code marks}. */
    public void on(MarksRecord record) {
        if (!belongs(record.run()) || !supersteps.inSequence(record)) {
            return;
        }
        switch (record) {
            case Marks marks -> marks.marks().forEach(marking::marks);
            case EndOfSuperstep end -> supersteps.end(end);
        }
        save();
    }

    /**
     * A record of this task's input can't be read, or could not be worked off, or a slice could not be decided: the run
     * at hand lacks it, and what is in memory may be half of what was to be.
     *
     * @return the run that has failed by it, for the caller to say so; empty if none is under way
     */
    public Optional<RunId> abandon() {
        if (!underWay()) {
            return Optional.empty();
        }
        stop();
        out.flush();
        return Optional.of(RunId.of(progress.run));
    }

    /** Whether {@link #decide} has something to do. */
    public boolean deciding() {
        return progress.phase == TaskProgress.Phase.DECIDING;
    }

    /**
     * Decides on a slice of the partition's digests, from where the last one ended.
     *
     * @param rows how many rows it reads at least, if there are that many
     */
    public void decide(int rows) {
        RunId run = RunId.of(progress.run);
        if (over.test(run)) {
            stop();
            return;
        }
        if (progress.tagsGo) {
            decideTags(run, rows);
        } else if (decideOthers(run, rows)) {
            end(run);
        }
        save();
    }

    /** The tags come first: nothing that a tag needs is deleted before it. */
    private void decideTags(RunId run, int rows) {
        var decision = new TagDecision(run);
        slice(rows, group -> decision.decide(group, this::eligible));
        progress.eligible += decision.eligible();
        progress.totals = progress.totals.plus(Totals.ofTags(decision.eligible()));
        if (progress.cursor == null) {
            progress.tagsGo = false;
            progress.cursor = new byte[0];
        }
    }

    /** Returns whether it is through with the partition. */
    private boolean decideOthers(RunId run, int rows) {
        var decision = new Decision(run, progress.options);
        slice(rows, group -> decision.decide(group, this::eligible));
        progress.eligible += decision.eligible();
        progress.totals = Decision.trimmed(progress.totals.plus(decision.totals()));
        return progress.cursor == null;
    }

    /** Goes through the groups that come next, and remembers where it ended: null at the end of the partition. */
    private void slice(int rows, Consumer<RowGroup> decide) {
        try (RowGroup.Cursor groups = this.rows.groups(progress.run, progress.cursor)) {
            groups.slice(rows, decide);
            progress.cursor = groups.position();
        }
    }

    private void end(RunId run) {
        progress.cursor = new byte[0];
        rows.flushAndClear();
        out.eligible(
                progress.options.dryRun(),
                new EligibleRecord.EndOfEligible(run, partition, progress.eligible, progress.checksum));
        out.decided(new RunRecord.Decided(
                run, partition, progress.partitions, progress.superstep + 1, progress.totals, progress.checksum));
        progress.phase = TaskProgress.Phase.DECIDED;
        progress.lastDecided = progress.run;
        out.flush();
    }

    private void eligible(EligibleRecord record) {
        progress.checksum = progress.checksum.plus(out.eligible(progress.options.dryRun(), record));
    }

    /**
     * Whether the record is of the run at hand, and there is something to do for it; a later run's first record ends
     * it.
     */
    private boolean belongs(RunId run) {
        long number = run.number();
        boolean later = number > progress.run;
        if (later) {
            progress.start(number);
        }
        boolean open = progress.phase == TaskProgress.Phase.INPUT || progress.phase == TaskProgress.Phase.MARKING;
        if (number != progress.run || !open) {
            return false;
        }
        if (over.test(run)) {
            stop();
            return false;
        }
        if (later) {
            rows.loadAll();
        }
        return true;
    }

    private boolean underWay() {
        return switch (progress.phase) {
            case INPUT, MARKING, DECIDING -> true;
            case IDLE, DECIDED, FAILED -> false;
        };
    }

    private void fail(String why) {
        stop();
        out.failed(RunId.of(progress.run), why);
        out.flush();
    }

    /**
     * Nothing more is done for the run at hand, and nothing is decided. Its rows and marks that are in memory only are
     * forgotten: those that are stored and sent count for no other run.
     */
    private void stop() {
        progress.phase = TaskProgress.Phase.FAILED;
        packs.clear();
        rows.clear();
        store.saveProgress(progress.encode());
    }

    /** Stores all that it knows: what is committed then is whole. */
    public void beforeCommit() {
        rows.flush();
    }

    private void save() {
        supersteps.sendMarks();
        rows.evict();
        store.saveProgress(progress.encode());
    }
}
