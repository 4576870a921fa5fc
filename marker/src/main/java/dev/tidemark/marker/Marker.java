package dev.tidemark.marker;

import dev.tidemark.schemas.Counted;
import dev.tidemark.schemas.Digest;
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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * One partition's part of the mark: the rules of what is live, in supersteps. It knows a store and an outbox and nothing of
 * Kafka.
 *
 * <p>Every step is monotone, a digest only ever becomes live, so the outcome does not depend on the order in which records
 * arrive. Whatever doesn't add up, a record too few, a gap in a sequence, fails the run: it can delay a collection, never
 * cause a deletion.
 */
final class Marker {

  private final int partition;
  private final int partitions;
  private final ToIntFunction<Digest> partitioner;
  private final Predicate<RunId> over;
  private final MarkStore store;
  private final Rows rows;
  private final Outbox out;
  private final Progress progress;
  private final MarkPacks packs;

  /**
   * @param partitioner the partition of a digest, from 0 to partitions - 1
   * @param over whether a run is known to have ended without the marker: nobody waits for a decision any more
   * @param rowsInMemory how many rows are kept in memory
   * @throws IllegalStateException if the store was made with another number of partitions
   */
  Marker(
      int partition, int partitions, ToIntFunction<Digest> partitioner, Predicate<RunId> over, MarkStore store, Outbox out, int rowsInMemory) {
    this.partition = partition;
    this.partitions = partitions;
    this.partitioner = partitioner;
    this.over = over;
    this.store = store;
    rows = new Rows(store, rowsInMemory);
    this.out = out;
    packs = new MarkPacks(partitions);
    byte[] saved = store.progress();
    progress = saved == null ? new Progress(partitions) : Progress.decode(saved);
    if (progress.partitions != partitions) {
      throw new IllegalStateException(
          "the marker's state is of " + Counted.of(progress.partitions, "partition") + ", the topics have " + partitions
              + ": remove the state, or restore the topics");
    }
  }

  /** Takes a record of {@code manifests}, {@code blobs} or {@code layers}. */
  void on(EnumeratedRecord record) {
    if (!belongs(record.run())) {
      return;
    }
    switch (record) {
      case StartOfInput start -> onStart(start);
      case EndOfInput end -> onEnd(end);
      case EnumeratedRecord.Manifests pack ->
          whenStarted(Input.MANIFESTS, () -> pack.manifests().forEach(manifest -> onManifest(pack.repository(), manifest)));
      case EnumeratedRecord.Blobs pack -> whenStarted(Input.BLOBS, () -> pack.blobs().forEach(this::onBlob));
      case EnumeratedRecord.Layers pack -> whenStarted(Input.LAYERS, () -> pack.layers().forEach(layer -> onLayer(pack.repository(), layer)));
    }
    save();
  }

  /** Takes a record of {@code marks}. */
  void on(MarksRecord record) {
    if (!belongs(record.run()) || !inSequence(record)) {
      return;
    }
    switch (record) {
      case Marks marks -> marks.marks().forEach(this::onMarks);
      case EndOfSuperstep end -> {
        progress.ended[end.from()] = end.superstep();
        progress.sentBy[end.from()][end.superstep() & 1] = end.sent();
        advance();
      }
    }
    save();
  }

  /**
   * A record of this task's input can't be read, or could not be worked off, or a slice could not be decided: the run at hand lacks it, and what
   * is in memory may be half of what was to be.
   *
   * @return the run that has failed by it, for whoever calls to say so; empty if none is under way
   */
  Optional<RunId> abandon() {
    if (!underWay()) {
      return Optional.empty();
    }
    stop();
    out.flush();
    return Optional.of(RunId.of(progress.run));
  }

  /** Whether {@link #decide} has something to do. */
  boolean deciding() {
    return progress.phase == Progress.Phase.DECIDING;
  }

  /**
   * Decides on a slice of the partition's digests, from where the last one ended.
   *
   * @param rows how many rows it reads at least, if there are that many
   */
  void decide(int rows) {
    RunId run = RunId.of(progress.run);
    if (over.test(run)) {
      stop();
      return;
    }
    var decision = new Decision(run, progress.options);
    try (RowGroup.Cursor groups = this.rows.groups(progress.run, progress.cursor)) {
      decision.slice(groups, rows, this::eligible);
      progress.cursor = groups.position();
    }
    progress.eligible += decision.eligible();
    progress.totals = Decision.trimmed(progress.totals.plus(decision.totals()));
    if (progress.cursor == null) {
      progress.cursor = new byte[0];
      this.rows.release();
      out.eligible(
          progress.options.dryRun(), new EligibleRecord.EndOfEligible(run, partition, progress.eligible, progress.checksum));
      out.decided(new RunRecord.Decided(run, partition, partitions, progress.superstep + 1, progress.totals));
      progress.phase = Progress.Phase.DECIDED;
      progress.lastDecided = progress.run;
      out.flush();
    }
    save();
  }

  private void eligible(EligibleRecord record) {
    progress.checksum = progress.checksum.plus(out.eligible(progress.options.dryRun(), record));
  }

  /** Whether the record is of the run at hand, and there is something to do for it; a later run's first record ends it. */
  private boolean belongs(RunId run) {
    long number = run.number();
    boolean later = number > progress.run;
    if (later) {
      progress.start(number);
    }
    if (number != progress.run || (progress.phase != Progress.Phase.INPUT && progress.phase != Progress.Phase.MARKING)) {
      return false;
    }
    if (over.test(run)) {
      stop();
      return false;
    }
    if (later) {
      rows.readAhead();
    }
    return true;
  }

  private boolean underWay() {
    return switch (progress.phase) {
      case INPUT, MARKING, DECIDING -> true;
      case IDLE, DECIDED, FAILED -> false;
    };
  }

  private void onStart(StartOfInput start) {
    if (progress.options != null && !progress.options.equals(start.options())) {
      fail("the run's first barriers do not say the same: " + progress.options + " and " + start.options());
      return;
    }
    progress.options = start.options();
  }

  private void whenStarted(Input input, Runnable step) {
    if (progress.options == null) {
      fail("a record of " + input.name().toLowerCase(Locale.ROOT) + " came before the run's first barrier");
      return;
    }
    step.run();
    int index = input.ordinal();
    if (progress.promised[index] >= 0 && progress.received[index] > progress.promised[index]) {
      fail("a record of " + input.name().toLowerCase(Locale.ROOT) + " came after the run's last barrier");
    }
  }

  private void onManifest(String repository, EnumeratedRecord.Manifest manifest) {
    Row.OfManifest known = rows.manifest(manifest.digest(), repository);
    Row.OfManifest row =
        new Row.OfManifest(progress.run, manifest.dangling(), manifest.modified(), manifest.history(), references(manifest));
    if (known != null && known.run() == progress.run) {
      row = merged(known, row);
    } else {
      progress.received[Input.MANIFESTS.ordinal()]++;
    }
    boolean news = !row.equals(known);
    if (news) {
      rows.put(manifest.digest(), repository, row);
    }
    Row.OfDigest digest = digest(manifest.digest());
    boolean heldElsewhere = digest.held();
    boolean wasLive = digest.live();
    Row.OfDigest next = digest.heldAsManifest();
    for (Reason reason : rootReasons(manifest)) {
      next = next.with(reason);
    }
    update(manifest.digest(), digest, next);
    if (!wasLive && next.live() && heldElsewhere) {
      markReferencesOf(manifest.digest());
    } else if (next.live() && (!wasLive || news)) {
      mark(manifest.digest(), repository, row);
    }
  }

  /** Rules 1 and 3: what makes this manifest a root. A dangling one protects nothing. */
  private List<Reason> rootReasons(EnumeratedRecord.Manifest manifest) {
    var reasons = new ArrayList<Reason>(2);
    if (!manifest.dangling()) {
      if (!manifest.tags().isEmpty()) {
        reasons.add(Reason.TAGGED);
      } else if (!progress.options.deleteUntagged()) {
        reasons.add(Reason.UNTAGGED_ROOT);
      }
      if (manifest.pinned() != null) {
        reasons.add(Reason.PINNED);
      }
      if (progress.options.young(manifest.modified())) {
        reasons.add(Reason.YOUNG_MANIFEST);
      }
    }
    return reasons;
  }

  private static List<Row.Reference> references(EnumeratedRecord.Manifest manifest) {
    var references = new LinkedHashSet<Row.Reference>();
    manifest.references().forEach(digest -> references.add(new Row.Reference(digest, false)));
    manifest.optionalReferences().forEach(digest -> references.add(new Row.Reference(digest, true)));
    return List.copyOf(references);
  }

  /** A repetition that says something else adds what it says: more is kept, never less. */
  private static Row.OfManifest merged(Row.OfManifest known, Row.OfManifest again) {
    var history = new LinkedHashSet<>(known.history());
    history.addAll(again.history());
    var references = new LinkedHashSet<>(known.references());
    references.addAll(again.references());
    return new Row.OfManifest(
        known.run(), known.dangling() && again.dangling(), Math.max(known.modified(), again.modified()),
        List.copyOf(history), List.copyOf(references));
  }

  private void onBlob(EnumeratedRecord.Blob blob) {
    Row.OfDigest row = digest(blob.digest());
    if (!row.present()) {
      progress.received[Input.BLOBS.ordinal()]++;
    }
    Row.OfDigest next = row.stored(blob.size(), Math.max(row.modified(), blob.modified()));
    if (blob.pinned() != null) {
      next = next.with(Reason.PINNED);
    }
    if (progress.options.young(blob.modified())) {
      next = next.with(Reason.YOUNG_BLOB);
    }
    updateAndMark(blob.digest(), row, next);
  }

  private void onLayer(String repository, EnumeratedRecord.Layer layer) {
    Row.OfLink known = link(layer.digest(), repository);
    if (!known.present()) {
      progress.received[Input.LAYERS.ordinal()]++;
    }
    boolean young = progress.options.young(layer.modified());
    boolean pinned = layer.pinned() != null;
    var row =
        new Row.OfLink(
            progress.run, true, known.live() || young || pinned, Math.max(known.modified(), layer.modified()),
            layer.target() != null ? layer.target() : known.target());
    rows.put(layer.digest(), repository, row);
    if (young || pinned) {
      Row.OfDigest digest = digest(layer.digest());
      Row.OfDigest next = young ? digest.with(Reason.YOUNG_LINK) : digest;
      updateAndMark(layer.digest(), digest, pinned ? next.with(Reason.PINNED) : next);
    }
    if (row.live()) {
      followAlias(layer.digest(), repository, known, row);
    }
  }

  private void onMarks(Marks.Entry entry) {
    entry.digests().forEach(digest -> onMark(digest, entry.parent(), entry.repository(), false));
    entry.optionalDigests().forEach(digest -> onMark(digest, entry.parent(), entry.repository(), true));
  }

  private void onMark(Digest digest, Digest parent, String repository, boolean optional) {
    Row.OfDigest row = digest(digest);
    updateAndMark(digest, row, row.referencedBy(parent, repository, optional));
    Row.OfLink known = link(digest, repository);
    if (!known.live()) {
      var link = new Row.OfLink(progress.run, known.present(), true, known.modified(), known.target());
      rows.put(digest, repository, link);
      followAlias(digest, repository, known, link);
    }
  }

  /** A live link whose content names another digest keeps that one: it is what the registry serves. */
  private void followAlias(Digest digest, String repository, Row.OfLink known, Row.OfLink row) {
    if (row.target() != null && (!known.live() || !row.target().equals(known.target()))) {
      send(new Row.Reference(row.target(), true), digest, repository);
    }
  }

  /** Rule 2: the digest has just become live; if it is held as a manifest, what it references is live. */
  private void updateAndMark(Digest digest, Row.OfDigest before, Row.OfDigest after) {
    update(digest, before, after);
    if (!before.live() && after.live() && after.held()) {
      markReferencesOf(digest);
    }
  }

  private void markReferencesOf(Digest digest) {
    rows.eachManifest(digest, (repository, row) -> {
      if (row.run() == progress.run) {
        mark(digest, repository, row);
      }
    });
  }

  private void mark(Digest parent, String repository, Row.OfManifest manifest) {
    for (Row.Reference reference : manifest.references()) {
      send(reference, parent, repository);
    }
  }

  private void send(Row.Reference reference, Digest parent, String repository) {
    progress.sent++;
    packs.add(partitioner.applyAsInt(reference.digest()), parent, repository, reference);
  }

  /** Sends the marks that the record at hand has brought about. */
  private void sendMarks() {
    for (int to = 0; to < partitions; to++) {
      for (List<Marks.Entry> pack : packs.take(to)) {
        out.marks(new Marks(RunId.of(progress.run), partition, ++progress.sequenceOut[to], to, pack));
      }
    }
  }

  private void onEnd(EndOfInput end) {
    int input = end.input().ordinal();
    if (progress.received[input] != end.records()) {
      fail(
          "partition %d of %s has %s, and the enumerator wrote %d".formatted(
              partition, end.input().name().toLowerCase(Locale.ROOT), Counted.of(progress.received[input], "record"), end.records()));
      return;
    }
    if (progress.options == null) {
      fail("the first barrier of " + end.input().name().toLowerCase(Locale.ROOT) + " is missing");
      return;
    }
    boolean again = progress.promised[input] >= 0;
    progress.promised[input] = end.records();
    if (!again && progress.inputComplete()) {
      progress.phase = Progress.Phase.MARKING;
      endSuperstep();
    }
  }

  /** Ends supersteps as long as the barriers that are in allow it. */
  private void advance() {
    while (progress.phase == Progress.Phase.MARKING
        && progress.ended[partition] == progress.superstep
        && progress.everyoneEnded(progress.superstep)) {
      if (progress.sentByAll(progress.superstep) == 0) {
        progress.phase = Progress.Phase.DECIDING;
      } else {
        progress.superstep++;
        endSuperstep();
      }
    }
  }

  /** All that reached this task in the superstep is done: tell everyone, oneself too. */
  private void endSuperstep() {
    sendMarks();
    for (int to = 0; to < partitions; to++) {
      out.marks(new EndOfSuperstep(
          RunId.of(progress.run), partition, ++progress.sequenceOut[to], to, progress.superstep, progress.sent));
    }
    progress.sent = 0;
    out.flush();
  }

  /** Whether the record is the next one of its sender. A repeated one is passed over, a gap fails the run. */
  private boolean inSequence(MarksRecord record) {
    if (record.from() < 0 || record.from() >= partitions) {
      fail("partition %d of marks has a record of task %d, and there are %d".formatted(partition, record.from(), partitions));
      return false;
    }
    long expected = progress.sequenceIn[record.from()] + 1;
    if (record.sequence() > expected) {
      fail(
          "partition %d of marks lacks record %d of task %d"
              .formatted(partition, expected, record.from()));
      return false;
    }
    if (record.sequence() < expected) {
      return false;
    }
    progress.sequenceIn[record.from()] = expected;
    return true;
  }

  private void fail(String why) {
    stop();
    out.failed(RunId.of(progress.run), why);
    out.flush();
  }

  /**
   * Nothing more is done for the run at hand, and nothing is decided. Its rows and marks that are in memory only are forgotten: those that are stored
   * and sent count for no other run.
   */
  private void stop() {
    progress.phase = Progress.Phase.FAILED;
    packs.clear();
    rows.forget();
    store.saveProgress(progress.encode());
  }

  private Row.OfDigest digest(Digest digest) {
    Row.OfDigest row = rows.digest(digest);
    if (row == null) {
      return Row.OfDigest.unknown(progress.run);
    }
    return row.run() == progress.run ? row : row.carriedTo(progress.run, row.run() == progress.lastDecided);
  }

  private Row.OfLink link(Digest digest, String repository) {
    Row.OfLink row = rows.link(digest, repository);
    return row != null && row.run() == progress.run ? row : new Row.OfLink(progress.run, false, false, 0, null);
  }

  private void update(Digest digest, Row.OfDigest before, Row.OfDigest after) {
    if (!after.equals(before)) {
      rows.put(digest, after);
    }
  }

  /** Stores all that it knows: what is committed then is whole. */
  void beforeCommit() {
    rows.store();
  }

  private void save() {
    sendMarks();
    rows.settle();
    store.saveProgress(progress.encode());
  }
}
