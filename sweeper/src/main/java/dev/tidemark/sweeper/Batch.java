package dev.tidemark.sweeper;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.StorageException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Records that are swept together: what the last look at the storage said of each, and which of their files are gone since. */
final class Batch {

  private static final Logger LOG = LoggerFactory.getLogger(Batch.class);

  /** So often nothing may be gone, when it is looked again, before the rest is given up. */
  private static final int MOST_IN_VAIN = 5;

  /**
   * What is to be deleted.
   *
   * @param stillNamed whether an earlier record of this digest was spared or failed: its blob then stays
   * @param begun whether a try that was cut off may have deleted it
   */
  record Candidate(Eligible eligible, boolean stillNamed, boolean begun) {}

  /** What a look at the storage says of a candidate. */
  sealed interface Look {

    record Spare(String why) implements Look {}

    record Failure(StorageException cause) implements Look {}

    /**
     * Delete it.
     *
     * @param there whether it was there
     * @param entries the files that name it, which go first
     * @param own its own file
     */
    record Delete(boolean there, List<String> entries, String own) implements Look {}
  }

  /** A record, what became of it, and by what. */
  record Done(Eligible eligible, DeletionRecord deletion, Look look) {

    /** Says what is to be known of it. */
    void log() {
      switch (look) {
        case Look.Spare(String why) ->
            LOG.info("{} spared {} {} {}: {}", eligible.run(), eligible.kind(), eligible.repository(), eligible.digest(), why);
        case Look.Failure(StorageException cause) -> LOG.warn(
            "{} could not delete {} {} {}: {}", eligible.run(), eligible.kind(), eligible.repository(), eligible.digest(), cause.getMessage());
        case Look.Delete delete -> {
          // As it should be.
        }
      }
    }
  }

  private final List<Candidate> candidates;
  private final Look[] looks;
  private final Set<String> gone = new HashSet<>();
  private int goneLastTime;
  private int inVain;

  /**
   * @param candidates those of one digest in the order in which they are to go
   */
  Batch(List<Candidate> candidates) {
    this.candidates = candidates;
    looks = new Look[candidates.size()];
  }

  Candidate candidate(int index) {
    return candidates.get(index);
  }

  /** The candidates that are neither deleted, nor spared, nor given up. */
  List<Integer> open() {
    return IntStream.range(0, looks.length).filter(this::isOpen).boxed().toList();
  }

  private boolean isOpen(int index) {
    return looks[index] == null || looks[index] instanceof Look.Delete delete && !gone.contains(delete.own());
  }

  /** It is looked at again. If that has come to nothing too often, the storage takes longer than any claim holds, and the rest has failed. */
  void again() {
    inVain = gone.size() > goneLastTime ? 0 : inVain + 1;
    goneLastTime = gone.size();
    if (inVain > MOST_IN_VAIN) {
      open().forEach(index -> failed(index, new StorageException("each look and deletion takes longer than a claim holds")));
    }
  }

  void seen(int index, Look look) {
    boolean wasThere = looks[index] instanceof Look.Delete before && before.there();
    looks[index] = look instanceof Look.Delete now ? new Look.Delete(wasThere || now.there(), now.entries(), now.own()) : look;
  }

  void failed(int index, StorageException cause) {
    looks[index] = new Look.Failure(cause);
  }

  /** The files of a kind of candidates that are still to go, each with the candidates that it belongs to. */
  Map<String, Set<Integer>> files(Kind kind, Function<Look.Delete, List<String>> files) {
    Map<String, Set<Integer>> owners = new LinkedHashMap<>();
    for (int i = 0; i < looks.length; i++) {
      if (candidate(i).eligible().kind() == kind && looks[i] instanceof Look.Delete delete) {
        for (String file : files.apply(delete)) {
          if (!gone.contains(file)) {
            owners.computeIfAbsent(file, path -> new HashSet<>()).add(i);
          }
        }
      }
    }
    return owners;
  }

  void gone(String file) {
    gone.add(file);
  }

  /** A blob stays as long as something that names it does. */
  void spareNamedBlobs() {
    Set<Digest> named = new HashSet<>();
    for (int i = 0; i < looks.length; i++) {
      Eligible eligible = candidate(i).eligible();
      boolean deleted = looks[i] instanceof Look.Delete;
      if (eligible.kind() != Kind.BLOB && !deleted) {
        named.add(eligible.digest());
      } else if (eligible.kind() == Kind.BLOB && deleted && named.contains(eligible.digest())) {
        looks[i] = new Look.Spare(Sweeper.STILL_NAMED);
      }
    }
  }

  /** What became of those that are not open, in their order. */
  List<Done> done() {
    List<Done> done = new ArrayList<>();
    for (int i = 0; i < looks.length; i++) {
      if (!isOpen(i)) {
        done.add(new Done(candidate(i).eligible(), deletion(candidate(i), looks[i]), looks[i]));
      }
    }
    return done;
  }

  private static DeletionRecord deletion(Candidate candidate, Look look) {
    Eligible eligible = candidate.eligible();
    return switch (look) {
      case Look.Spare spare -> record(eligible, Outcome.SPARED, 0, spare.why());
      case Look.Failure(ForbiddenException e) -> record(eligible, Outcome.FAILED, 0, Sweeper.FORBIDDEN);
      case Look.Failure(StorageException e) -> record(eligible, Outcome.FAILED, 0, Sweeper.NO_ANSWER);
      case Look.Delete delete when delete.there() || candidate.begun() -> record(eligible, Outcome.DELETED, eligible.bytes(), null);
      case Look.Delete delete -> record(eligible, Outcome.ALREADY_GONE, 0, null);
    };
  }

  private static DeletionRecord record(Eligible eligible, Outcome outcome, long bytes, String why) {
    return new DeletionRecord(
        eligible.run(), eligible.kind(), eligible.digest(), eligible.repository(), outcome, bytes, why, System.currentTimeMillis());
  }
}
