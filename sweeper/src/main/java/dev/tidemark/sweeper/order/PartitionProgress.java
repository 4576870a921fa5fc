package dev.tidemark.sweeper.order;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.LinkRepair;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import java.util.Objects;
import java.util.Optional;

/**
 * The progress of a run's sweep in one partition of {@code eligible}: the digest at hand, the deletions so far, and the
 * last record that may have been begun. It is saved with every committed offset.
 *
 * <p>Before anything is deleted, the offset before which records may be begun is saved. So the sweeper that takes over
 * from one that was cut off knows which records may have been begun: a file of these that is gone was deleted, and not
 * gone already.
 */
public final class PartitionProgress {

    /** How far ahead it is said what may be begun, so that not each deletion needs a commit before it. */
    static final int WINDOW = 500;

    private final RunId run;
    private Sweep sweep;
    private long records;
    private long until;
    private long barrier;
    private Digest digest;
    private boolean stillNamed;
    private boolean linked;
    private Checksum checksum;

    private PartitionProgress(Saved saved) {
        run = saved.run();
        sweep = saved.sweep();
        records = saved.records();
        until = saved.until();
        barrier = saved.barrier();
        digest = saved.digest();
        stillNamed = saved.stillNamed();
        linked = saved.linked();
        checksum = saved.checksum();
    }

    /**
     * The progress that is saved with a committed offset.
     *
     * @param records of the run, so far
     * @param until the offset before which records may have been begun
     * @param barrier the offset of the run's barrier, up to which its records are proved; -1 if they are not
     * @param digest the one at hand
     * @param stillNamed whether its blob has to stay
     * @param linked whether the run has had a manifest or a layer link of it
     * @param checksum of the deletions so far
     */
    private record Saved(
            RunId run,
            Sweep sweep,
            long records,
            long until,
            long barrier,
            Digest digest,
            boolean stillNamed,
            boolean linked,
            Checksum checksum) {

        private Saved {
            Objects.requireNonNull(run, "a run");
            Objects.requireNonNull(sweep, "a sweep");
            Objects.requireNonNull(checksum, "a checksum");
        }
    }

    public static PartitionProgress begin(RunId run) {
        return new PartitionProgress(new Saved(run, Sweep.NONE, 0, 0, -1, null, false, false, Checksum.NONE));
    }

    /** Goes on from what was committed; empty if no sweeper has committed anything. */
    public static Optional<PartitionProgress> resume(String metadata) {
        if (metadata.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PartitionProgress(JsonSerde.MAPPER.readValue(metadata, Saved.class)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(
                    "the sweeper's committed offset carries what no sweeper wrote: " + metadata, e);
        }
    }

    public RunId run() {
        return run;
    }

    /** The offset before which records may have been begun, by this sweeper or one before it. */
    public long until() {
        return until;
    }

    /** Whether the run's records are proved to be the marker's. */
    public boolean proved() {
        return barrier >= 0;
    }

    public void provedUpTo(long offset) {
        barrier = offset;
    }

    /** Whether the offset is past those of the run's records. */
    public boolean pastBarrier(long offset) {
        return proved() && offset > barrier;
    }

    /** Says that the records up to that offset, and some after it, are about to be begun. */
    public void reachTo(long offset) {
        until = offset + WINDOW;
    }

    /** Whether the record's blob has to stay, because something that names it does. */
    public boolean stillNamed(Eligible eligible) {
        at(eligible);
        return stillNamed;
    }

    /** Whether a record before this one was of a manifest or a layer link of the same digest. */
    boolean linked(Eligible eligible) {
        at(eligible);
        return linked;
    }

    private void at(Eligible eligible) {
        if (!eligible.digest().equals(digest)) {
            digest = eligible.digest();
            stillNamed = false;
            linked = false;
        }
    }

    /** The record that the run's partition is swept. */
    public RunRecord.Swept swept(Run of, int partition, int partitions, LinkRepair repair) {
        return new RunRecord.Swept(
                run,
                partition,
                partitions,
                sweep(),
                checksum(),
                of.approved() ? of.approval().by() : null,
                repair);
    }

    /** @param value the deletion as it is written */
    public void done(DeletionRecord deletion, byte[] value) {
        records++;
        if (deletion.kind() == Kind.MANIFEST || deletion.kind() == Kind.LAYER) {
            stillNamed |= deletion.outcome() == Outcome.SPARED || deletion.outcome() == Outcome.FAILED;
            linked = true;
        }
        sweep = sweep.plus(deletion);
        checksum = checksum.plus(value);
    }

    /** A record was not worked off and is passed over: its digest's blob has to stay. */
    public void passedOver(EligibleRecord record) {
        if (record instanceof Eligible eligible) {
            at(eligible);
            stillNamed = true;
        }
    }

    /** How many records were worked off. */
    public long records() {
        return records;
    }

    public Sweep sweep() {
        return sweep;
    }

    /** Of the deletions. */
    Checksum checksum() {
        return checksum;
    }

    /** The text that is saved with an offset. */
    public String metadata() {
        try {
            return JsonSerde.MAPPER.writeValueAsString(
                    new Saved(run, sweep, records, until, barrier, digest, stillNamed, linked, checksum));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("progress is plain data", e);
        }
    }
}
