package dev.tidemark.sweeper;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Layout;
import dev.tidemark.storage.LinkFile;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is eligible, one record at a time, after it has looked again. Every path is built here, from a parsed digest
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
   * Deletes, or says why not.
   *
   * @param stillNamed whether an earlier record of this digest was spared or failed: its blob then stays
   * @param begun whether a try that was cut off may have deleted it
   */
  DeletionRecord sweep(Eligible eligible, boolean stillNamed, boolean begun) {
    try {
      if (!approved(eligible)) {
        return spared(eligible, NOT_APPROVED);
      }
      DeletionRecord deletion =
          switch (eligible.kind()) {
            case MANIFEST -> manifest(eligible);
            case LAYER -> layer(eligible);
            case BLOB -> stillNamed ? spared(eligible, STILL_NAMED) : blob(eligible);
          };
      return begun && deletion.outcome() == Outcome.ALREADY_GONE ? deleted(eligible) : deletion;
    } catch (ForbiddenException e) {
      return failed(eligible, FORBIDDEN, e);
    } catch (StorageException e) {
      return failed(eligible, NO_ANSWER, e);
    }
  }

  /**
   * Whether the dry run that somebody looked at, if that is what this run is about, found it eligible too: it has not been
   * live since.
   */
  private boolean approved(Eligible eligible) {
    RunId looked = request.approves();
    return looked == null || (eligible.unreferencedSince() != null && eligible.unreferencedSince().compareTo(looked) <= 0);
  }

  private DeletionRecord manifest(Eligible eligible) {
    String repository = eligible.repository();
    Digest digest = eligible.digest();
    if (!Layout.validRepository(repository) || !eligible.history().stream().allMatch(Layout::validTag)) {
      return spared(eligible, INVALID);
    }
    String revision = Layout.revision(repository, digest);
    Optional<Storage.Stat> link = storage.stat(revision + "/" + Layout.LINK);
    Optional<String> reason = reasonToSpare(eligible, link).or(() -> taggedAgain(eligible));
    if (reason.isPresent()) {
      return spared(eligible, reason.get());
    }
    for (String tag : eligible.history()) {
      deleteLink(repository, Layout.historyEntry(repository, tag, digest));
    }
    for (Storage.Child algorithm : storage.children(revision + "/signatures")) {
      for (Storage.Child signature : storage.children(revision + "/signatures/" + algorithm.name())) {
        deleteLink(repository, revision + "/signatures/" + algorithm.name() + "/" + signature.name());
      }
    }
    deleteLink(repository, revision);
    return link.isPresent() ? deleted(eligible) : gone(eligible);
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

  private DeletionRecord layer(Eligible eligible) {
    if (!Layout.validRepository(eligible.repository())) {
      return spared(eligible, INVALID);
    }
    String directory = Layout.layer(eligible.repository(), eligible.digest());
    Optional<Storage.Stat> link = storage.stat(directory + "/" + Layout.LINK);
    Optional<String> reason = reasonToSpare(eligible, link);
    if (reason.isPresent()) {
      return spared(eligible, reason.get());
    }
    deleteLink(eligible.repository(), directory);
    return link.isPresent() ? deleted(eligible) : gone(eligible);
  }

  private DeletionRecord blob(Eligible eligible) {
    String directory = Layout.blob(eligible.digest());
    Optional<Storage.Stat> data = storage.stat(directory + "/" + Layout.DATA);
    Optional<String> reason = reasonToSpare(eligible, data);
    if (reason.isPresent()) {
      return spared(eligible, reason.get());
    }
    Optional<Long> freed = storage.delete(directory + "/" + Layout.DATA);
    storage.prune(directory, Layout.BLOBS);
    return freed.isPresent() ? deleted(eligible) : gone(eligible);
  }

  private Optional<String> reasonToSpare(Eligible eligible, Optional<Storage.Stat> now) {
    if (rescued.contains(eligible.digest())) {
      return Optional.of(RESCUED);
    }
    return now.filter(stat -> options.young(stat.modified())).map(stat -> YOUNG);
  }

  private void deleteLink(String repository, String directory) {
    storage.delete(directory + "/" + Layout.LINK);
    storage.prune(directory, Layout.repository(repository));
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
