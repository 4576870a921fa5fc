package dev.tidemark.marker;

import dev.tidemark.schemas.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The rows of one partition, as far as a run is at them. Most are written once by the record that finds them and again by the
 * marks that soon follow, so they are kept in memory for a while and stored together, at the latest when a commit is due.
 */
final class Rows {

  /** Digests that all partitions together keep in memory, if one process has them all; some six hundred bytes each. */
  static final int MOST = 100_000;

  private final MarkStore store;
  private final int most;
  private final Map<Digest, Known> known = new HashMap<>();
  /** The digests with rows that the store has not. */
  private final Set<Digest> changed = new HashSet<>();

  /**
   * @param most how many digests are kept in memory
   */
  Rows(MarkStore store, int most) {
    this.store = store;
    this.most = most;
  }

  /** A row as it is now, or null where there is none, and whether the store has it so. */
  private static final class Cell<R> {
    private R row;
    private boolean stored = true;

    private Cell(R row) {
      this.row = row;
    }

    private void set(R newRow) {
      row = newRow;
      stored = false;
    }
  }

  /** What is in memory of a digest. */
  private static final class Known {
    private Cell<Row.OfDigest> digest;
    private final Map<String, Cell<Row.OfLink>> links = new HashMap<>(2);
    private final Map<String, Cell<Row.OfManifest>> manifests = new HashMap<>(2);
  }

  /** The digest's own row, or null. */
  Row.OfDigest digest(Digest digest) {
    return ofDigest(digest).row;
  }

  void put(Digest digest, Row.OfDigest row) {
    ofDigest(digest).set(row);
    changed.add(digest);
  }

  private Cell<Row.OfDigest> ofDigest(Digest digest) {
    Known of = known(digest);
    if (of.digest == null) {
      of.digest = new Cell<>(read(RowCodec.key(digest), RowCodec::ofDigest));
    }
    return of.digest;
  }

  /** A repository's link to the digest, or null. */
  Row.OfLink link(Digest digest, String repository) {
    return ofLink(digest, repository).row;
  }

  void put(Digest digest, String repository, Row.OfLink row) {
    ofLink(digest, repository).set(row);
    changed.add(digest);
  }

  private Cell<Row.OfLink> ofLink(Digest digest, String repository) {
    return known(digest).links.computeIfAbsent(
        repository, r -> new Cell<>(read(RowCodec.key(digest, RowCodec.LINK, r), RowCodec::ofLink)));
  }

  /** The digest as a repository's manifest, or null. */
  Row.OfManifest manifest(Digest digest, String repository) {
    return ofManifest(digest, repository).row;
  }

  void put(Digest digest, String repository, Row.OfManifest row) {
    ofManifest(digest, repository).set(row);
    changed.add(digest);
  }

  private Cell<Row.OfManifest> ofManifest(Digest digest, String repository) {
    return known(digest).manifests.computeIfAbsent(
        repository, r -> new Cell<>(read(RowCodec.key(digest, RowCodec.MANIFEST, r), RowCodec::ofManifest)));
  }

  /** The digest as a manifest of every repository that there is a row of, of this run or another. */
  void eachManifest(Digest digest, BiConsumer<String, Row.OfManifest> each) {
    Map<String, Row.OfManifest> all = new TreeMap<>();
    byte[] first = RowCodec.key(digest, RowCodec.MANIFEST, "");
    try (MarkStore.Cursor cursor = store.from(first)) {
      while (cursor.hasNext()) {
        MarkStore.Entry entry = cursor.next();
        if (!RowCodec.sameDigest(first, entry.key())) {
          break;
        }
        all.put(RowCodec.repository(entry.key()), RowCodec.ofManifest(entry.value()));
      }
    }
    known(digest).manifests.forEach((repository, cell) -> {
      if (cell.row != null) {
        all.put(repository, cell.row);
      }
    });
    all.forEach(each);
  }

  /** Stores what the store has not, and forgets the rows if there are too many. */
  void settle() {
    if (known.size() >= most) {
      store();
      known.clear();
    }
  }

  /** Stores what the store has not. */
  void store() {
    List<MarkStore.Entry> entries = new ArrayList<>();
    changed.forEach(digest -> {
      Known of = known.get(digest);
      if (of.digest != null) {
        collect(of.digest, RowCodec.DIGEST, digest, "", entries);
      }
      of.links.forEach((repository, cell) -> collect(cell, RowCodec.LINK, digest, repository, entries));
      of.manifests.forEach((repository, cell) -> collect(cell, RowCodec.MANIFEST, digest, repository, entries));
    });
    store.putAll(entries);
    changed.clear();
  }

  /** Stores what the store has not, and forgets all rows: from here on the store is read, and written, by itself. */
  void release() {
    store();
    known.clear();
  }

  private static <R extends Row> void collect(
      Cell<R> cell, byte kind, Digest digest, String repository, List<MarkStore.Entry> entries) {
    if (!cell.stored) {
      cell.stored = true;
      entries.add(new MarkStore.Entry(RowCodec.key(digest, kind, repository), RowCodec.encode(cell.row)));
    }
  }

  private Known known(Digest digest) {
    return known.computeIfAbsent(digest, d -> new Known());
  }

  private <R> R read(byte[] key, Function<byte[], R> decode) {
    byte[] value = store.get(key);
    return value == null ? null : decode.apply(value);
  }
}
