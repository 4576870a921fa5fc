package dev.tidemark.evidence.index;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.tidemark.evidence.index.RecordSource.Entry;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.MarksRecord;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.RepositoryRecord;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Writes the records of one run into the tables of its index, as they are. What comes twice stays visible. */
final class RunLoader {

  private static final ObjectReader RUNS = strict(RunRecord.class);
  private static final ObjectReader WORK = strict(WorkRecord.class);
  private static final ObjectReader WORK_DONE = strict(WorkDoneRecord.class);
  private static final ObjectReader REPOSITORIES = strict(RepositoryRecord.class);
  private static final ObjectReader ENUMERATED = JsonSerde.MAPPER.readerFor(EnumeratedRecord.class);
  private static final ObjectReader MARKS = JsonSerde.MAPPER.readerFor(MarksRecord.class);
  private static final ObjectReader ELIGIBLE = strict(EligibleRecord.class);
  private static final ObjectReader DELETIONS = strict(DeletionRecord.class);

  private static final Map<DeletionRecord.Outcome, String> OUTCOMES =
      Map.of(
          DeletionRecord.Outcome.DELETED, "deleted", DeletionRecord.Outcome.ALREADY_GONE, "already-gone",
          DeletionRecord.Outcome.SPARED, "spared", DeletionRecord.Outcome.FAILED, "failed");

  private final Topics topics;
  private final RunId run;
  private final Map<String, Consumer<Entry>> byTopic = new HashMap<>();
  private final Map<RecordSource.Extent, Sum> sums = new HashMap<>();

  private final Ids<Digest> digests;
  private final Ids<String> repositories;
  private final Insert record;
  private final Insert life;
  private final Insert duplicate;
  private final Insert misplaced;
  private final Insert repository;
  private final Insert problem;
  private final Insert blob;
  private final Insert manifest;
  private final Insert tag;
  private final Insert reference;
  private final Insert layer;
  private final Insert exchange;
  private final Insert mark;
  private final Insert eligible;
  private final Insert approved;
  private final Insert deletion;
  private final Insert checksum;

  private long lastRecord;
  /** The dry run that this one approves, once its request was read; or null. */
  private RunId approves;
  /** When each run was asked for, as far as it was read. */
  private final Map<RunId, Long> requested = new HashMap<>();

  /** Of one partition. */
  private static final class Sum {
    private long records;
    private Checksum checksum = Checksum.NONE;
  }

  RunLoader(Connection connection, Topics topics, RunId run) {
    this.topics = topics;
    this.run = run;
    digests = new Ids<>(connection, "digest", "text");
    repositories = new Ids<>(connection, "repository", "name");
    record = new Insert(connection, "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)");
    life = new Insert(connection, "INSERT INTO life VALUES (?, ?, ?)");
    duplicate = new Insert(connection, "INSERT INTO duplicate VALUES (?, ?, ?, ?)");
    misplaced = new Insert(connection, "INSERT INTO misplaced VALUES (?, ?)");
    repository =
        new Insert(connection, "UPDATE repository SET manifests = ?, tags = ?, layer_links = ?, record = ?, checksum = ? WHERE id = ? AND record IS NULL");
    problem = new Insert(connection, "INSERT INTO problem VALUES (?, ?, ?, ?, ?)");
    blob = new Insert(connection, "INSERT OR IGNORE INTO blob VALUES (?, ?, ?, ?, ?)");
    manifest = new Insert(connection, "INSERT OR IGNORE INTO manifest VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    tag = new Insert(connection, "INSERT OR IGNORE INTO tag VALUES (?, ?, ?, ?)");
    reference = new Insert(connection, "INSERT OR IGNORE INTO reference VALUES (?, ?, ?, ?, ?)");
    layer = new Insert(connection, "INSERT OR IGNORE INTO layer VALUES (?, ?, ?, ?, ?, ?)");
    exchange = new Insert(connection, "INSERT INTO exchange VALUES (?, ?, ?, ?, ?, ?, ?)");
    mark = new Insert(connection, "INSERT INTO mark VALUES (?, ?, ?, ?, ?)");
    eligible = new Insert(connection, "INSERT INTO eligible VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    approved = new Insert(connection, "INSERT INTO approved VALUES (?, ?, ?, ?)");
    deletion = new Insert(connection, "INSERT INTO deletion VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    checksum = new Insert(connection, "INSERT OR REPLACE INTO checksum VALUES (?, ?, ?, ?)");
    lastRecord = Sql.number(connection, "SELECT coalesce(max(id), 0) FROM record");
    Sql.each(connection, "SELECT topic, partition, records, sum FROM checksum", row -> {
      Sum sum = sum(row.getString(1), row.getInt(2));
      sum.records = row.getLong(3);
      sum.checksum = Checksum.parse(row.getString(4));
    });
    Sql.each(connection, "SELECT json FROM life WHERE type = 'requested'", row -> approves = approves(row.getString(1)));
    byTopic.put(topics.runs(), this::onRun);
    byTopic.put(topics.work(), this::onWork);
    byTopic.put(topics.workDone(), this::onWorkDone);
    byTopic.put(topics.repositories(), this::onRepository);
    for (EnumeratedRecord.Input input : EnumeratedRecord.Input.values()) {
      byTopic.put(topics.of(input), entry -> onEnumerated(input, entry));
    }
    byTopic.put(topics.marks(), this::onMarks);
    byTopic.put(topics.eligible(), this::onEligible);
    byTopic.put(topics.eligibleDryRun(), this::onEligible);
    byTopic.put(topics.deletions(), this::onDeletion);
    byTopic.put(topics.rejected(), this::onRejected);
  }

  private static ObjectReader strict(Class<?> type) {
    return JsonSerde.MAPPER.readerFor(type).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
  }

  private static RunId approves(String requested) {
    try {
      return RUNS.readValue(requested) instanceof RunRecord.Requested request ? request.approves() : null;
    } catch (IOException e) {
      throw new IllegalStateException("what the index holds was read before: " + requested, e);
    }
  }

  /** The topics that speak of runs, in the order in which they are read: what a run was asked to do comes first. */
  static List<String> topics(Topics topics) {
    return List.of(
        topics.runs(), topics.work(), topics.workDone(), topics.repositories(), topics.manifests(), topics.blobs(), topics.layers(),
        topics.marks(), topics.eligible(), topics.eligibleDryRun(), topics.deletions(), topics.rejected());
  }

  /** Takes the next record of a partition, of whatever run. */
  void add(Entry entry) {
    byTopic.get(entry.topic()).accept(entry);
  }

  /** When the first record may have been written that matters of a topic; empty if that isn't known. */
  Optional<Instant> began(String topic) {
    RunId first = approves != null && topic.equals(topics.eligibleDryRun()) ? approves : run;
    return Optional.ofNullable(requested.get(first)).map(Instant::ofEpochMilli);
  }

  /** Writes what was summed up. */
  void finish() {
    sums.forEach((of, sum) -> checksum.of(of.topic(), of.partition(), sum.records, sum.checksum.toString()));
  }

  private void onRun(Entry entry) {
    RunRecord said = read(RUNS, entry);
    if (said instanceof RunRecord.Requested request) {
      requested.putIfAbsent(request.run(), Math.min(request.at(), entry.timestamp()));
    }
    if (said instanceof RunRecord.Requested request && request.run().compareTo(run) > 0) {
      told(entry, "later-request");
    }
    if (said == null || !said.run().equals(run)) {
      return;
    }
    String type =
        switch (said) {
          case RunRecord.Requested requested -> {
            approves = requested.approves();
            yield "requested";
          }
          case RunRecord.Enumerated enumerated -> "enumerated";
          case RunRecord.Decided decided -> "decided";
          case RunRecord.Waiting waiting -> "waiting";
          case RunRecord.Approved approved -> "approved";
          case RunRecord.Swept swept -> "swept";
          case RunRecord.Failed failed -> "failed";
          case RunRecord.Cancelled cancelled -> "cancelled";
        };
    told(entry, type);
  }

  private void onWork(Entry entry) {
    WorkRecord work = ofRun(entry) ? read(WORK, entry) : null;
    if (work != null) {
      told(entry, work instanceof WorkRecord.Shards ? "shards" : "repository");
      sum(entry);
    }
  }

  private void onWorkDone(Entry entry) {
    WorkDoneRecord done = ofRun(entry) ? read(WORK_DONE, entry) : null;
    if (done != null) {
      told(entry, done instanceof WorkDoneRecord.Planned ? "planned" : "done");
    }
  }

  private void onRepository(Entry entry) {
    RepositoryRecord said = ofRun(entry) ? read(REPOSITORIES, entry) : null;
    if (said == null) {
      return;
    }
    long id = record(entry, "repository");
    long number = repositories.of(said.repository());
    if (!repository.of(said.manifests(), said.tags(), said.layerLinks(), id, Checksum.of(entry.value()).toString(), number)) {
      duplicate.of("repository", null, number, id);
    }
    for (Problem found : said.problems()) {
      problem.of(number, String.valueOf(found.kind()), String.valueOf(found.where()), String.valueOf(found.why()), id);
    }
  }

  private void onEnumerated(EnumeratedRecord.Input input, Entry entry) {
    EnumeratedRecord said = ofRun(entry) ? read(ENUMERATED, entry) : null;
    if (said == null) {
      return;
    }
    switch (said) {
      case EnumeratedRecord.StartOfInput start -> told(entry, "start-of-input");
      case EnumeratedRecord.EndOfInput end -> told(entry, "end-of-input");
      case EnumeratedRecord.Manifests pack -> onManifests(entry, input, pack);
      case EnumeratedRecord.Blobs pack -> onBlobs(entry, input, pack);
      case EnumeratedRecord.Layers pack -> onLayers(entry, input, pack);
    }
  }

  /** The row of a record of the input, which is summed up. */
  private long enumerated(Entry entry, EnumeratedRecord.Input of, EnumeratedRecord.Input topic, String type) {
    long id = record(entry, type);
    sum(entry);
    if (of != topic) {
      misplaced.of(id, "a record of " + of.name().toLowerCase(Locale.ROOT) + " in another topic");
    }
    return id;
  }

  private void place(Digest digest, Entry entry, long id) {
    if (topics.partition(digest) != entry.partition()) {
      misplaced.of(id, digest + " belongs to partition " + topics.partition(digest));
    }
  }

  private void onManifests(Entry entry, EnumeratedRecord.Input topic, EnumeratedRecord.Manifests pack) {
    long id = enumerated(entry, EnumeratedRecord.Input.MANIFESTS, topic, "manifests");
    for (EnumeratedRecord.Manifest one : pack.manifests()) {
      place(one.digest(), entry, id);
      long digest = digests.of(one.digest());
      long in = repositories.of(pack.repository());
      if (!manifest.of(digest, in, one.mediaType(), one.size(), one.modified(), one.pinned(), one.dangling(), id)) {
        duplicate.of("manifest", digest, in, id);
        continue;
      }
      one.tags().forEach(name -> tag.of(in, name, digest, true));
      one.history().forEach(name -> tag.of(in, name, digest, false));
      int position = 0;
      for (Digest child : one.references()) {
        reference.of(digest, in, position++, digests.of(child), false);
      }
      for (Digest child : one.optionalReferences()) {
        reference.of(digest, in, position++, digests.of(child), true);
      }
    }
  }

  private void onBlobs(Entry entry, EnumeratedRecord.Input topic, EnumeratedRecord.Blobs pack) {
    long id = enumerated(entry, EnumeratedRecord.Input.BLOBS, topic, "blobs");
    for (EnumeratedRecord.Blob one : pack.blobs()) {
      place(one.digest(), entry, id);
      long digest = digests.of(one.digest());
      if (!blob.of(digest, one.size(), one.modified(), one.pinned(), id)) {
        duplicate.of("blob", digest, null, id);
      }
    }
  }

  private void onLayers(Entry entry, EnumeratedRecord.Input topic, EnumeratedRecord.Layers pack) {
    long id = enumerated(entry, EnumeratedRecord.Input.LAYERS, topic, "layers");
    for (EnumeratedRecord.Layer one : pack.layers()) {
      place(one.digest(), entry, id);
      long digest = digests.of(one.digest());
      long in = repositories.of(pack.repository());
      Long target = one.target() == null ? null : digests.of(one.target());
      if (!layer.of(digest, in, one.modified(), target, one.pinned(), id)) {
        duplicate.of("layer", digest, in, id);
      }
    }
  }

  private void onMarks(Entry entry) {
    MarksRecord said = ofRun(entry) ? read(MARKS, entry) : null;
    if (said == null) {
      return;
    }
    switch (said) {
      case MarksRecord.Marks pack -> {
        long id = record(entry, "marks");
        int count = 0;
        for (MarksRecord.Marks.Entry of : pack.marks()) {
          of.digests().forEach(child -> mark(entry, id, of.parent(), of.repository(), child, false));
          of.optionalDigests().forEach(child -> mark(entry, id, of.parent(), of.repository(), child, true));
          count += of.digests().size() + of.optionalDigests().size();
        }
        exchange.of(id, pack.from(), pack.sequence(), pack.to(), count, null, null);
      }
      case MarksRecord.EndOfSuperstep end ->
          exchange.of(told(entry, "end-of-superstep"), end.from(), end.sequence(), end.to(), 0, end.superstep(), end.sent());
    }
  }

  private void mark(Entry entry, long id, Digest parent, String in, Digest child, boolean optional) {
    place(child, entry, id);
    mark.of(digests.of(parent), repositories.of(in), digests.of(child), optional, id);
  }

  private void onEligible(Entry entry) {
    EligibleRecord said = read(ELIGIBLE, entry);
    if (said == null) {
      return;
    }
    if (said.run().equals(run)) {
      switch (said) {
        case EligibleRecord.EndOfEligible end -> told(entry, "end-of-eligible");
        case EligibleRecord.Eligible one -> {
          long id = record(entry, "eligible");
          sum(entry);
          place(one.digest(), entry, id);
          eligible.of(
              digests.of(one.digest()), name(one.kind()), in(one.repository()), one.bytes(), String.valueOf(one.reason()), one.modified(),
              one.unreferencedSince() == null ? null : one.unreferencedSince().toString(), json(one.history()), id);
        }
      }
    } else if (said.run().equals(approves) && entry.topic().equals(topics.eligibleDryRun())) {
      switch (said) {
        case EligibleRecord.EndOfEligible end -> told(entry, "end-of-approved");
        case EligibleRecord.Eligible one ->
            approved.of(digests.of(one.digest()), name(one.kind()), in(one.repository()), record(entry, "approved-eligible"));
      }
    }
  }

  private void onDeletion(Entry entry) {
    DeletionRecord said = read(DELETIONS, entry);
    if (said == null || !said.run().equals(run)) {
      return;
    }
    long id = record(entry, "deletion");
    sum(entry);
    place(said.digest(), entry, id);
    deletion.of(
        digests.of(said.digest()), name(said.kind()), in(said.repository()), OUTCOMES.get(said.outcome()), said.bytes(), said.why(), said.at(), id);
  }

  /** What was set aside: its key says where it came from. */
  private void onRejected(Entry entry) {
    life.of(record(entry, "rejected"), "rejected", json(entry.key() == null ? "" : new String(entry.key(), StandardCharsets.UTF_8)));
  }

  private long in(String name) {
    return name == null ? 0L : repositories.of(name);
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static String json(Object value) {
    try {
      return JsonSerde.MAPPER.writeValueAsString(value);
    } catch (IOException e) {
      throw new IllegalStateException("texts are plain data", e);
    }
  }

  private long record(Entry entry, String type) {
    record.of(++lastRecord, entry.topic(), entry.partition(), entry.offset(), entry.timestamp(), type);
    return lastRecord;
  }

  private long told(Entry entry, String type) {
    long id = record(entry, type);
    life.of(id, type, new String(entry.value(), StandardCharsets.UTF_8));
    return id;
  }

  private void sum(Entry entry) {
    Sum sum = sum(entry.topic(), entry.partition());
    sum.records++;
    sum.checksum = sum.checksum.plus(entry.value());
  }

  private Sum sum(String topic, int partition) {
    return sums.computeIfAbsent(new RecordSource.Extent(topic, partition, 0, 0), of -> new Sum());
  }

  /**
   * Whether the record is of this run, or can't be read so far as to tell. Looking costs a fraction of reading, and most records are
   * of other runs.
   */
  private boolean ofRun(Entry entry) {
    if (entry.value() == null) {
      return true;
    }
    try (JsonParser parser = JsonSerde.MAPPER.createParser(entry.value())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return true;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean found = parser.currentName().equals("run");
        parser.nextToken();
        if (found) {
          return run.text().equals(parser.getText());
        }
        parser.skipChildren();
      }
      return true;
    } catch (IOException e) {
      return true;
    }
  }

  /** The record; null if it can't be read: that it is there is written down. */
  private <T> T read(ObjectReader reader, Entry entry) {
    String why = "it has no value";
    if (entry.value() != null) {
      try {
        T value = reader.readValue(entry.value());
        if (value != null) {
          return value;
        }
      } catch (IOException | RuntimeException e) {
        why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      }
    }
    life.of(record(entry, "unreadable"), "unreadable", json(why));
    return null;
  }
}
