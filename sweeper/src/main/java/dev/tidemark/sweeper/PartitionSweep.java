package dev.tidemark.sweeper;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Sweep;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * One partition of {@code eligible} in one run: which digest is at hand, and what was done so far.
 *
 * <p>Offsets are committed between digests only: a sweeper that takes over in the middle of one does all of it again, and so
 * knows of a link that was spared before it comes to the blob. What was done so far is committed with them.
 */
final class PartitionSweep {

  private final RunId run;
  private Digest digest;
  private boolean stillNamed;
  private long digestStart;
  private Sweep beforeDigest;
  private Sweep sweep;

  private PartitionSweep(RunId run, long position, Sweep sweep) {
    this.run = run;
    this.digestStart = position;
    this.beforeDigest = sweep;
    this.sweep = sweep;
  }

  /** What is saved with a committed offset. */
  private record Saved(RunId run, Sweep sweep) {}

  /**
   * Goes on from what was committed.
   *
   * @param committed null if nothing was
   */
  static PartitionSweep resume(RunId run, long position, OffsetAndMetadata committed) {
    if (committed != null && committed.offset() == position && !committed.metadata().isEmpty()) {
      try {
        Saved saved = JsonSerde.MAPPER.readValue(committed.metadata(), Saved.class);
        if (run.equals(saved.run())) {
          return new PartitionSweep(run, position, saved.sweep());
        }
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("the sweeper's committed offset carries what no sweeper wrote: " + committed, e);
      }
    }
    return new PartitionSweep(run, position, Sweep.NONE);
  }

  /** Whether the record's blob has to stay, because something that names it does. */
  boolean stillNamed(Eligible eligible, long offset) {
    if (!eligible.digest().equals(digest)) {
      digest = eligible.digest();
      digestStart = offset;
      beforeDigest = sweep;
      stillNamed = false;
    }
    return stillNamed;
  }

  void done(DeletionRecord deletion) {
    stillNamed |= deletion.outcome() == Outcome.SPARED || deletion.outcome() == Outcome.FAILED;
    sweep = sweep.plus(deletion);
  }

  /** The end of the partition's records: the last digest is done. */
  void end(long nextOffset) {
    digest = null;
    digestStart = nextOffset;
    beforeDigest = sweep;
  }

  Sweep sweep() {
    return sweep;
  }

  /** Where to go on after a restart, and what was done up to there. */
  OffsetAndMetadata committable() {
    try {
      return new OffsetAndMetadata(digestStart, JsonSerde.MAPPER.writeValueAsString(new Saved(run, beforeDigest)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a sweep is plain data", e);
    }
  }
}
