package dev.tidemark.sweeper;

import dev.tidemark.kafka.Lane;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.sweeper.Batch.Candidate;
import dev.tidemark.sweeper.Batch.Look;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

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

  private final Storage storage;
  private final Requested request;
  private final Options options;
  private final Set<Digest> rescued;

  /**
   * @param rescued what the {@link SecondLook} found
   */
  Sweeper(Storage storage, Requested request, Set<Digest> rescued) {
    this.storage = storage;
    this.request = request;
    this.options = request.options();
    this.rescued = rescued;
  }

  /**
   * Looks, and deletes what the lane holds. All that names a digest goes before the digest's blob, so that a try that is cut off
   * leaves nothing that names what is gone.
   *
   * @return false if nobody knew for a while whether it does: whatever is open is then to be looked at again
   * @throws RuntimeException if it is another's now
   */
  boolean sweep(Batch batch, Lane lane) throws InterruptedException {
    batch.again();
    if (!look(batch, lane)
        || !delete(batch, lane, Kind.MANIFEST, Look.Delete::entries)
        || !delete(batch, lane, Kind.MANIFEST, delete -> List.of(delete.own()))
        || !delete(batch, lane, Kind.LAYER, delete -> List.of(delete.own()))) {
      return false;
    }
    batch.spareNamedBlobs();
    return delete(batch, lane, Kind.BLOB, delete -> List.of(delete.own()));
  }

  private boolean look(Batch batch, Lane lane) throws InterruptedException {
    List<Integer> open = batch.open();
    int atOnce = storage.parallelism();
    for (int from = 0; from < open.size(); from += atOnce) {
      if (!lane.prove()) {
        return false;
      }
      List<Integer> some = open.subList(from, Math.min(open.size(), from + atOnce));
      List<Look> looks = Parallel.map(some, atOnce, index -> look(batch.candidate(index)));
      for (int i = 0; i < looks.size(); i++) {
        batch.seen(some.get(i), looks.get(i));
      }
    }
    return true;
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

  /** Deletes files of all candidates of a kind: one by one, or where each deletion costs a request, together. */
  private boolean delete(Batch batch, Lane lane, Kind kind, Function<Look.Delete, List<String>> files) throws InterruptedException {
    Map<String, Set<Integer>> owners = batch.files(kind, files);
    List<String> all = List.copyOf(owners.keySet());
    int atOnce = storage.parallelism() == 1 ? 1 : all.size();
    for (int from = 0; from < all.size(); from += atOnce) {
      if (!lane.prove()) {
        return false;
      }
      List<String> some = all.subList(from, Math.min(all.size(), from + atOnce));
      Map<String, StorageException> failures = storage.deleteAll(some, lane::held);
      for (String file : some) {
        StorageException failure = failures.get(file);
        if (!(failure instanceof NotAllowedException)) {
          owners.get(file).forEach(owner -> deleted(batch, owner, file, failure));
        }
      }
      if (failures.values().stream().anyMatch(NotAllowedException.class::isInstance)) {
        lane.prove();
        return false;
      }
    }
    return true;
  }

  /** @param failure what kept the file from being deleted; null if nothing did */
  private void deleted(Batch batch, int owner, String file, StorageException failure) {
    try {
      if (failure != null) {
        throw failure;
      }
      prune(file, batch.candidate(owner).eligible());
      batch.gone(file);
    } catch (StorageException e) {
      batch.failed(owner, e);
    }
  }

  private void prune(String file, Eligible eligible) {
    String directory = file.substring(0, file.lastIndexOf('/'));
    storage.prune(directory, eligible.kind() == Kind.BLOB ? Layout.BLOBS : Layout.repository(eligible.repository()));
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
    Listing listed = storage.listed(revision);
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
}
