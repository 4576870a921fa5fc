package dev.tidemark.marker;

import dev.tidemark.schemas.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The rows of one partition, as far as a run is at them. Most are written once by the record that finds them and again by the
 * marks that soon follow, so they are kept in memory for a while and stored together, at the latest when a commit is due.
 */
final class Rows {

  /** What a row takes in memory, about, with its part of what is kept of its digest. */
  private static final int BYTES_OF_A_ROW = 230;

  /** References and entries in tags' histories that take as much. */
  private static final int NAMES_OF_A_ROW = 3;

  /** Rows that all partitions together keep in memory, if one process has them all: those that fit a quarter of the heap. */
  static final int MOST = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4 / BYTES_OF_A_ROW);

  private final MarkStore store;
  private final int most;
  private final Map<Digest, Known> known = new HashMap<>();
  /** Those with rows that the store has not. */
  private final List<Known> changed = new ArrayList<>();
  /** Whether all that is stored is in memory: what isn't there need not be looked for. */
  private boolean whole;
  /** If that is so and the groups have been asked for, all that are known, in the order of the store's keys. */
  private List<Digest> ordered;
  /** Rows in memory. A manifest that names many digests counts as several. */
  private int size;

  /**
   * @param most how many rows are kept in memory
   */
  Rows(MarkStore store, int most) {
    this.store = store;
    this.most = most;
  }

  /** A row that is stored by itself, as it is now, or null where there is none; and whether the store has it so. */
  private static final class Cell<R> {
    private R row;
    private boolean stored = true;

    private Cell(R row) {
      this.row = row;
    }
  }

  /** What is in memory of a digest. */
  private final class Known {
    private final Digest digest;
    private Row.OfDigest own;
    private final OfRepositories<Row.OfLink> links;
    private final OfRepositories<Row.OfManifest> manifests;
    private boolean more;
    private boolean changed;

    private Known(Digest digest, DigestRows rows) {
      this.digest = digest;
      own = rows.own();
      links = new OfRepositories<>(rows.links(), DigestRows.MOST_LINKS);
      manifests = new OfRepositories<>(rows.manifests(), DigestRows.MOST_MANIFESTS);
      more = rows.more();
    }

    private DigestRows rows() {
      return new DigestRows(own, links.within, manifests.within, more);
    }

    /** What that run has written; what others have is forgotten, here and in the store. */
    private RowGroup of(long run) {
      DigestRows all = rows();
      DigestRows current = all.of(run);
      if (current.size() < all.size()) {
        own = current.own();
        links.within = current.links();
        manifests.within = current.manifests();
        StoredGroups.keep(store, RowCodec.key(digest), current);
      }
      return new RowGroup(digest, own, links.of(run, this, RowCodec.LINK), manifests.of(run, this, RowCodec.MANIFEST));
    }
  }

  /** The rows of one kind that a digest has, by repository: the first ones within the digest's, the others each by itself. */
  private final class OfRepositories<R extends Row> {
    private Map<String, R> within;
    private final int most;
    private Map<String, Cell<R>> alone = Map.of();

    private OfRepositories(Map<String, R> within, int most) {
      this.within = within;
      this.most = most;
    }

    private void put(String repository, R row) {
      if (within.isEmpty()) {
        within = new HashMap<>(2);
      }
      R before = within.put(repository, row);
      size += weight(row) - (before == null ? 0 : weight(before));
    }

    private Cell<R> alone(String repository, Function<String, R> read) {
      if (alone.isEmpty()) {
        alone = new HashMap<>();
      }
      return alone.computeIfAbsent(repository, r -> {
        size++;
        return new Cell<>(read.apply(r));
      });
    }

    private Map<String, R> of(long run, Known known, byte kind) {
      if (alone.isEmpty()) {
        return within.size() < 2 ? within : new TreeMap<>(within);
      }
      Map<String, R> all = new TreeMap<>(within);
      alone.forEach((repository, cell) -> {
        if (cell.row != null && cell.row.run() == run) {
          all.put(repository, cell.row);
        } else if (cell.row != null) {
          cell.row = null;
          cell.stored = true;
          store.delete(RowCodec.key(known.digest, kind, repository));
        }
      });
      return all;
    }
  }

  /** Reads all that is stored, if it is little enough to be kept in memory: one sweep costs far less than a look for each. */
  void readAhead() {
    release();
    whole = true;
    try (MarkStore.Cursor cursor = store.from(new byte[0])) {
      while (whole && cursor.hasNext()) {
        MarkStore.Entry entry = cursor.next();
        Digest digest = RowCodec.digest(entry.key());
        String repository = RowCodec.repository(entry.key());
        switch (RowCodec.kind(entry.key())) {
          case RowCodec.DIGEST -> add(digest, RowCodec.digestRows(entry.value()));
          case RowCodec.LINK -> known(digest).links.alone(repository, r -> RowCodec.ofLink(entry.value()));
          default -> known(digest).manifests.alone(repository, r -> RowCodec.ofManifest(entry.value()));
        }
        whole = size < most;
      }
    }
    if (!whole) {
      release();
    }
  }

  /** The digest's own row, or null. */
  Row.OfDigest digest(Digest digest) {
    return known(digest).own;
  }

  void put(Digest digest, Row.OfDigest row) {
    Known of = known(digest);
    of.own = row;
    change(of);
  }

  /** A repository's link to the digest, or null. */
  Row.OfLink link(Digest digest, String repository) {
    Known of = known(digest);
    return get(of, of.links, RowCodec.LINK, repository, RowCodec::ofLink);
  }

  void put(Digest digest, String repository, Row.OfLink row) {
    RowCodec.requireStorable(repository);
    Known of = known(digest);
    put(of, of.links, RowCodec.LINK, repository, row, RowCodec::ofLink);
  }

  /** The digest as a repository's manifest, or null. */
  Row.OfManifest manifest(Digest digest, String repository) {
    Known of = known(digest);
    return get(of, of.manifests, RowCodec.MANIFEST, repository, RowCodec::ofManifest);
  }

  void put(Digest digest, String repository, Row.OfManifest row) {
    RowCodec.requireStorable(repository);
    row.history().forEach(RowCodec::requireStorable);
    Known of = known(digest);
    put(of, of.manifests, RowCodec.MANIFEST, repository, row, RowCodec::ofManifest);
  }

  private <R extends Row> R get(Known of, OfRepositories<R> rows, byte kind, String repository, Function<byte[], R> decode) {
    R row = rows.within.get(repository);
    return row != null || !of.more ? row : alone(of, rows, kind, repository, decode).row;
  }

  private <R extends Row> void put(
      Known of, OfRepositories<R> rows, byte kind, String repository, R row, Function<byte[], R> decode) {
    boolean within = rows.within.containsKey(repository)
        || (rows.within.size() < rows.most && (!of.more || alone(of, rows, kind, repository, decode).row == null));
    if (within) {
      rows.put(repository, row);
    } else {
      Cell<R> cell = alone(of, rows, kind, repository, decode);
      cell.row = row;
      cell.stored = false;
      of.more = true;
    }
    change(of);
  }

  private <R extends Row> Cell<R> alone(Known of, OfRepositories<R> rows, byte kind, String repository, Function<byte[], R> decode) {
    return rows.alone(repository, r -> {
      byte[] value = whole || !of.more ? null : store.get(RowCodec.key(of.digest, kind, r));
      return value == null ? null : decode.apply(value);
    });
  }

  /** The digest as a manifest of every repository that there is a row of, of this run or another. */
  void eachManifest(Digest digest, BiConsumer<String, Row.OfManifest> each) {
    Known of = known(digest);
    if (!of.more) {
      List.copyOf(of.manifests.within.entrySet()).forEach(row -> each.accept(row.getKey(), row.getValue()));
      return;
    }
    Map<String, Row.OfManifest> all = new TreeMap<>(of.manifests.within);
    if (!whole) {
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
    }
    of.manifests.alone.forEach((repository, cell) -> {
      if (cell.row != null) {
        all.put(repository, cell.row);
      }
    });
    all.forEach(each);
  }

  /**
   * What a run has written, digest by digest; what others have is forgotten on the way. Nothing may be put meanwhile.
   *
   * @param from where to start: a position, or empty
   */
  RowGroup.Cursor groups(long run, byte[] from) {
    if (!whole) {
      release();
      return new StoredGroups(store, from, run);
    }
    store();
    if (ordered == null) {
      ordered = known.keySet().stream().sorted().toList();
    }
    return new Groups(run, from.length == 0 ? 0 : position(RowCodec.digest(from)));
  }

  /** The groups as they are in memory. */
  private final class Groups implements RowGroup.Cursor {

    private final long run;
    private int next;

    private Groups(long run, int next) {
      this.run = run;
      this.next = next;
    }

    @Override
    public boolean hasNext() {
      return next < ordered.size();
    }

    @Override
    public RowGroup next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return known.get(ordered.get(next++)).of(run);
    }

    @Override
    public byte[] position() {
      return hasNext() ? RowCodec.key(ordered.get(next)) : null;
    }

    @Override
    public void close() {}
  }

  /** Where in the order a digest is, or would be. */
  private int position(Digest digest) {
    int found = Collections.binarySearch(ordered, digest);
    return found < 0 ? -found - 1 : found;
  }

  /** Stores what the store has not, and forgets the rows if there are too many. */
  void settle() {
    if (size >= most) {
      release();
    }
  }

  /** Stores what the store has not. */
  void store() {
    List<MarkStore.Entry> entries = new ArrayList<>(changed.size());
    for (Known of : changed) {
      entries.add(new MarkStore.Entry(RowCodec.key(of.digest), RowCodec.encode(of.rows())));
      collect(of.digest, of.links, RowCodec.LINK, entries);
      collect(of.digest, of.manifests, RowCodec.MANIFEST, entries);
      of.changed = false;
    }
    store.putAll(entries);
    changed.clear();
  }

  private static <R extends Row> void collect(Digest digest, OfRepositories<R> rows, byte kind, List<MarkStore.Entry> entries) {
    rows.alone.forEach((repository, cell) -> {
      if (!cell.stored) {
        cell.stored = true;
        entries.add(new MarkStore.Entry(RowCodec.key(digest, kind, repository), RowCodec.encode(cell.row)));
      }
    });
  }

  /** Stores what the store has not, and forgets all rows: from here on the store is read, and written, by itself. */
  void release() {
    store();
    forget();
  }

  /** Forgets all rows, those that the store has not, too. */
  void forget() {
    changed.clear();
    known.clear();
    size = 0;
    whole = false;
    ordered = null;
  }

  private void change(Known of) {
    if (!of.changed) {
      of.changed = true;
      changed.add(of);
    }
  }

  private Known known(Digest digest) {
    Known of = known.get(digest);
    if (of == null) {
      byte[] value = whole ? null : store.get(RowCodec.key(digest));
      of = add(digest, value == null ? DigestRows.NONE : RowCodec.digestRows(value));
    }
    return of;
  }

  private static int weight(Row row) {
    return row instanceof Row.OfManifest manifest ? 1 + (manifest.references().size() + manifest.history().size()) / NAMES_OF_A_ROW : 1;
  }

  private Known add(Digest digest, DigestRows rows) {
    var of = new Known(digest, rows);
    known.put(digest, of);
    size += 1 + rows.links().size() + rows.manifests().values().stream().mapToInt(Rows::weight).sum();
    return of;
  }
}
