package dev.tidemark.sweeper;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Layout;
import dev.tidemark.storage.LinkFile;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is eligible, after it has looked again. Every path is built here, from a parsed digest
 * and a valid repository name.
 *
 * <p>Within a manifest, its entries in the tags' history go first and its revision last, so that a try that was cut off
 * finds it again and finishes.
 */
final class Sweeper {

  static final String YOUNG = "written again since the run began";
  static final String RESCUED = "referenced again since the run began";
  static final String TAGGED = "a tag names it again";
  static final String TAG_UNREADABLE = "a tag that has named it can't be read";
  static final String INVALID = "its repository or tag has no valid name";
  static final String STILL_NAMED = "something that names it was not deleted";
  static final String FORBIDDEN = "permission denied, or behind a symbolic link";
  static final String NO_ANSWER = "the storage does not answer";

  static final String NOT_APPROVED = "not in the dry run that was approved";

  private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);

  private final Storage storage;
  private final Requested request;
  private final Options options;
  private final Set<Digest> rescued;
  private final Clock clock;

  /**
   * @param rescued what the {@link SecondLook} found
   */
  Sweeper(Storage storage, Requested request, Set<Digest> rescued, Clock clock) {
    this.storage = storage;
    this.request = request;
    this.options = request.options();
    this.rescued = rescued;
    this.clock = clock;
  }

  /**
   * What is to be deleted.
   *
   * @param stillNamed whether an earlier record of this digest was spared or failed: its blob then stays
   * @param begun whether a try that was cut off may have deleted it
   */
  record Candidate(Eligible eligible, boolean stillNamed, boolean begun) {}

  /** What a look at the storage says of a candidate. */
  private sealed interface Look {

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

  /**
   * Deletes, or says why not; a deletion for each candidate, in their order. All that names a digest goes before the digest's blob, so
   * that a try that is cut off leaves nothing that names what is gone.
   *
   * @param candidates those of one digest in the order in which they are to go
   */
  List<DeletionRecord> sweep(List<Candidate> candidates) {
    List<Look> looks = new ArrayList<>(Parallel.map(candidates, storage.parallelism(), this::look));
    delete(candidates, looks, Kind.MANIFEST, Look.Delete::entries);
    delete(candidates, looks, Kind.MANIFEST, delete -> List.of(delete.own()));
    delete(candidates, looks, Kind.LAYER, delete -> List.of(delete.own()));
    spareNamedBlobs(candidates, looks);
    delete(candidates, looks, Kind.BLOB, delete -> List.of(delete.own()));
    List<DeletionRecord> deletions = new ArrayList<>(candidates.size());
    for (int i = 0; i < candidates.size(); i++) {
      deletions.add(deletion(candidates.get(i), looks.get(i)));
    }
    return deletions;
  }

  private Look look(Candidate candidate) {
    Eligible eligible = candidate.eligible();
    try {
      if (!approved(eligible)) {
        return new Look.Spare(NOT_APPROVED);
      }
      return switch (eligible.kind()) {
        case MANIFEST -> manifest(eligible);
        case LAYER -> layer(eligible);
        case BLOB -> candidate.stillNamed() ? new Look.Spare(STILL_NAMED) : blob(eligible);
      };
    } catch (StorageException e) {
      return new Look.Failure(e);
    }
  }

  /** Deletes files of all candidates of a kind together. */
  private void delete(List<Candidate> candidates, List<Look> looks, Kind kind, Function<Look.Delete, List<String>> files) {
    Map<String, Set<Integer>> owners = new LinkedHashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).eligible().kind() == kind && looks.get(i) instanceof Look.Delete delete) {
        for (String file : files.apply(delete)) {
          owners.computeIfAbsent(file, path -> new HashSet<>()).add(i);
        }
      }
    }
    if (owners.isEmpty()) {
      return;
    }
    Map<String, StorageException> failures = storage.deleteAll(owners.keySet());
    owners.forEach((file, of) -> of.forEach(owner ->
        failure(file, candidates.get(owner).eligible(), failures).ifPresent(failure -> looks.set(owner, new Look.Failure(failure)))));
  }

  /** What kept a file, or its directory, from being deleted. */
  private Optional<StorageException> failure(String file, Eligible eligible, Map<String, StorageException> failures) {
    StorageException failure = failures.get(file);
    try {
      if (failure == null) {
        prune(file, eligible);
      }
    } catch (StorageException e) {
      failure = e;
    }
    return Optional.ofNullable(failure);
  }

  private void prune(String file, Eligible eligible) {
    String directory = file.substring(0, file.lastIndexOf('/'));
    storage.prune(directory, eligible.kind() == Kind.BLOB ? Layout.BLOBS : Layout.repository(eligible.repository()));
  }

  /** A blob stays as long as something that names it does. */
  private static void spareNamedBlobs(List<Candidate> candidates, List<Look> looks) {
    Set<Digest> named = new HashSet<>();
    for (int i = 0; i < candidates.size(); i++) {
      Eligible eligible = candidates.get(i).eligible();
      boolean deleted = looks.get(i) instanceof Look.Delete;
      if (eligible.kind() != Kind.BLOB && !deleted) {
        named.add(eligible.digest());
      } else if (eligible.kind() == Kind.BLOB && deleted && named.contains(eligible.digest())) {
        looks.set(i, new Look.Spare(STILL_NAMED));
      }
    }
  }

  private DeletionRecord deletion(Candidate candidate, Look look) {
    Eligible eligible = candidate.eligible();
    return switch (look) {
      case Look.Spare spare -> spared(eligible, spare.why());
      case Look.Failure(ForbiddenException e) -> failed(eligible, FORBIDDEN, e);
      case Look.Failure(StorageException e) -> failed(eligible, NO_ANSWER, e);
      case Look.Delete delete -> delete.there() || candidate.begun() ? deleted(eligible) : gone(eligible);
    };
  }

  /**
   * Whether the dry run that somebody looked at, if that is what this run is about, found it eligible too: it has not been
   * live since.
   */
  private boolean approved(Eligible eligible) {
    RunId looked = request.approves();
    return looked == null || (eligible.unreferencedSince() != null && eligible.unreferencedSince().compareTo(looked) <= 0);
  }

  private Look manifest(Eligible eligible) {
    String repository = eligible.repository();
    Digest digest = eligible.digest();
    if (!Layout.validRepository(repository) || !eligible.history().stream().allMatch(Layout::validTag)) {
      return new Look.Spare(INVALID);
    }
    String revision = Layout.revision(repository, digest);
    Storage listed = storage.listed(revision);
    Optional<Storage.Stat> link = listed.stat(link(revision));
    Optional<String> reason = reasonToSpare(eligible, link).or(() -> taggedAgain(eligible));
    if (reason.isPresent()) {
      return new Look.Spare(reason.get());
    }
    List<String> entries = new ArrayList<>();
    for (String tag : eligible.history()) {
      entries.add(link(Layout.historyEntry(repository, tag, digest)));
    }
    for (Storage.Child algorithm : listed.children(revision + "/signatures")) {
      for (Storage.Child signature : listed.children(revision + "/signatures/" + algorithm.name())) {
        entries.add(link(revision + "/signatures/" + algorithm.name() + "/" + signature.name()));
      }
    }
    return new Look.Delete(link.isPresent(), entries, link(revision));
  }

  private Optional<String> taggedAgain(Eligible eligible) {
    for (String tag : eligible.history()) {
      String current = Layout.tags(eligible.repository()) + "/" + tag + "/" + Layout.CURRENT_LINK;
      switch (LinkFile.at(storage, current)) {
        case LinkFile.Names names when names.digest().equals(eligible.digest()) -> {
          return Optional.of(TAGGED);
        }
        case LinkFile.Unreadable unreadable -> {
          return Optional.of(TAG_UNREADABLE);
        }
        case LinkFile.Names other -> {
          // The tag has moved on.
        }
        case LinkFile.Absent absent -> {
          // The tag is deleted.
        }
      }
    }
    return Optional.empty();
  }

  private Look layer(Eligible eligible) {
    if (!Layout.validRepository(eligible.repository())) {
      return new Look.Spare(INVALID);
    }
    return file(eligible, link(Layout.layer(eligible.repository(), eligible.digest())));
  }

  private Look blob(Eligible eligible) {
    return file(eligible, Layout.blob(eligible.digest()) + "/" + Layout.DATA);
  }

  private Look file(Eligible eligible, String file) {
    Optional<Storage.Stat> stat = storage.stat(file);
    return reasonToSpare(eligible, stat)
        .<Look>map(Look.Spare::new)
        .orElseGet(() -> new Look.Delete(stat.isPresent(), List.of(), file));
  }

  private static String link(String directory) {
    return directory + "/" + Layout.LINK;
  }

  private Optional<String> reasonToSpare(Eligible eligible, Optional<Storage.Stat> now) {
    if (rescued.contains(eligible.digest())) {
      return Optional.of(RESCUED);
    }
    return now.filter(stat -> options.young(stat.modified())).map(stat -> YOUNG);
  }

  private DeletionRecord deleted(Eligible eligible) {
    return record(eligible, Outcome.DELETED, eligible.bytes(), null);
  }

  private DeletionRecord gone(Eligible eligible) {
    return record(eligible, Outcome.ALREADY_GONE, 0, null);
  }

  private DeletionRecord spared(Eligible eligible, String why) {
    LOG.info("{} spared {} {} {}: {}", eligible.run(), eligible.kind(), eligible.repository(), eligible.digest(), why);
    return record(eligible, Outcome.SPARED, 0, why);
  }

  private DeletionRecord failed(Eligible eligible, String why, StorageException cause) {
    LOG.warn("{} could not delete {} {} {}: {}", eligible.run(), eligible.kind(), eligible.repository(), eligible.digest(), cause.getMessage());
    return record(eligible, Outcome.FAILED, 0, why);
  }

  private DeletionRecord record(Eligible eligible, Outcome outcome, long bytes, String why) {
    return new DeletionRecord(
        eligible.run(), eligible.kind(), eligible.digest(), eligible.repository(), outcome, bytes, why, clock.millis());
  }
}
