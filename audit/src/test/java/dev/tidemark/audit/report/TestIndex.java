package dev.tidemark.audit.report;

import dev.tidemark.kafka.RunHistory;
import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An index as the topics of a run would fill it, and the run whose counts agree with it. */
final class TestIndex implements AutoCloseable {

  static final Instant REQUESTED = Instant.parse("2026-11-23T21:18:39Z");
  static final RunId RUN = new RunId("20261123-211839");

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private final Map<String, Long> repositories = new HashMap<>();
  private final Map<String, Long> digests = new HashMap<>();
  private final List<RunHistory.Entry> past = new ArrayList<>();
  private final List<RunRecord> more = new ArrayList<>();
  private Map<String, Tally> kept = Map.of();
  private String registry = "/var/lib/registry";
  private String by = "alice@example.org";
  private boolean dryRun = true;
  private boolean decided = true;
  private boolean enumerated = true;
  private boolean swept;
  private int maxDelete = 75;
  private long record;

  TestIndex() {
    try {
      connection = DriverManager.getConnection("jdbc:sqlite::memory:");
      try (Statement statement = connection.createStatement();
          InputStream sql = TestIndex.class.getResourceAsStream("/dev/tidemark/audit/index.sql")) {
        statement.executeUpdate(new String(sql.readAllBytes(), StandardCharsets.UTF_8));
      }
      connection.setAutoCommit(false);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The digest that a name of the tests stands for. */
  static Digest digest(String name) {
    return Digest.Algorithm.SHA256.of(name.getBytes(StandardCharsets.UTF_8));
  }

  /** How long before the run something was written. */
  static long written(Duration before) {
    return REQUESTED.minus(before).toEpochMilli();
  }

  TestIndex repository(String name) {
    repositories.computeIfAbsent(name, unknown -> {
      long id = repositories.size() + 1;
      insert("INSERT INTO repository (id, name, record) VALUES (?, ?, ?)", id, name, ++record);
      return id;
    });
    return this;
  }

  private long id(String repository) {
    if (repository == null) {
      return 0;
    }
    repository(repository);
    return repositories.get(repository);
  }

  private long idOf(String digest) {
    return digests.computeIfAbsent(digest, unknown -> {
      long id = digests.size() + 1;
      insert("INSERT INTO digest VALUES (?, ?)", id, digest(digest).toString());
      return id;
    });
  }

  TestIndex blob(String name, long size, String... linkedBy) {
    insert("INSERT INTO blob VALUES (?, ?, ?, NULL, ?)", idOf(name), size, written(Duration.ofDays(40)), ++record);
    for (String repository : linkedBy) {
      insert("INSERT INTO layer VALUES (?, ?, ?, NULL, NULL, ?)", idOf(name), id(repository), written(Duration.ofDays(40)), ++record);
    }
    return this;
  }

  TestIndex manifest(String name, long size, String... heldBy) {
    insert("INSERT INTO blob VALUES (?, ?, ?, NULL, ?)", idOf(name), size, written(Duration.ofDays(40)), ++record);
    for (String repository : heldBy) {
      insert("INSERT INTO manifest VALUES (?, ?, 'm', ?, ?, NULL, 0, ?)", idOf(name), id(repository), size, written(Duration.ofDays(40)), ++record);
    }
    return this;
  }

  TestIndex eligible(Kind kind, String name, String repository, Duration age, String... tags) {
    long bytes = kind == Kind.BLOB ? size(name) : 0;
    String reason =
        switch (kind) {
          case MANIFEST -> "no tag names it, and nothing live references it";
          case LAYER -> "no live manifest of the repository references it";
          case BLOB -> "nothing live references it";
        };
    return eligible(kind, name, repository, bytes, reason, age, tags);
  }

  TestIndex eligible(Kind kind, String name, String repository, long bytes, String reason, Duration age, String... tags) {
    insert(
        "INSERT INTO eligible VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?)", idOf(name), word(kind), id(repository), bytes, reason, written(age),
        json(List.of(tags)), ++record);
    return this;
  }

  /** A blob that nothing needs, and all links to it. */
  TestIndex garbage(String name, long size, Duration age, String... linkedBy) {
    blob(name, size, linkedBy);
    for (String repository : linkedBy) {
      eligible(Kind.LAYER, name, repository, age);
    }
    return eligible(Kind.BLOB, name, null, age);
  }

  TestIndex done(Kind kind, String name, String repository, String outcome, String why) {
    dryRun = false;
    long bytes = outcome.equals("deleted") && kind == Kind.BLOB ? size(name) : 0;
    insert(
        "INSERT INTO deletion VALUES (?, ?, ?, ?, ?, ?, ?, ?)", idOf(name), word(kind), id(repository), outcome, bytes, why,
        REQUESTED.plusSeconds(100).toEpochMilli(), ++record);
    return this;
  }

  /** Everything eligible that nothing was done about yet is deleted. */
  TestIndex sweptAll() {
    dryRun = false;
    swept = true;
    insert(
        """
        INSERT INTO deletion SELECT digest, kind, repository, 'deleted', bytes, NULL, ?, record + 1000000000 FROM eligible e
        WHERE NOT EXISTS (SELECT 1 FROM deletion d WHERE d.digest = e.digest AND d.kind = e.kind AND d.repository = e.repository)""",
        REQUESTED.plusSeconds(100).toEpochMilli());
    return this;
  }

  TestIndex kept(Map<String, Tally> kept) {
    this.kept = kept;
    return this;
  }

  TestIndex named(String registry, String by) {
    this.registry = registry;
    this.by = by;
    return this;
  }

  /** Past which share of the blobs it waits. */
  TestIndex maxDelete(int percent) {
    maxDelete = percent;
    return real();
  }

  TestIndex real() {
    dryRun = false;
    return this;
  }

  TestIndex undecided() {
    decided = false;
    return this;
  }

  TestIndex notEnumerated() {
    enumerated = false;
    return undecided();
  }

  /** What the topic runs says after the decision. */
  TestIndex then(RunRecord record) {
    more.add(record);
    return this;
  }

  TestIndex approvedBy(String who) {
    insert("INSERT INTO life VALUES (?, 'approved', ?)", ++record, json(new RunRecord.Approved(RUN, who)));
    return then(new RunRecord.Approved(RUN, who));
  }

  TestIndex past(String run, long bytes, long freed) {
    var id = new RunId(run);
    Instant at = Instant.parse("%s-%s-%sT03:00:00Z".formatted(run.substring(0, 4), run.substring(4, 6), run.substring(6, 8)));
    var options = new EnumeratedRecord.Options(at.toEpochMilli(), true, freed == 0);
    Optional<Run> one = Run.after(Optional.empty(), new RunRecord.Requested(id, at.toEpochMilli(), options, 100, "cron", null));
    one = Run.after(one, new RunRecord.Enumerated(id, registry, 1, 1, 1, 1, 10, bytes, null, null));
    one = Run.after(one, new RunRecord.Decided(id, 0, 1, 3, totals(new Tally(5, bytes - freed), new Tally(5, freed))));
    if (freed > 0) {
      one = Run.after(one, new RunRecord.Swept(id, 0, 1, new Sweep(Map.of(Kind.BLOB, new Tally(5, freed)), 0, null, null), Checksum.NONE, null));
    }
    past.add(new RunHistory.Entry(one.orElseThrow(), Map.of(Run.State.ENUMERATED, at)));
    return this;
  }

  private static Totals totals(Tally live, Tally eligible) {
    return new Totals(live, eligible, null, 0, 0, 0, 0, null, 0, null);
  }

  /** The statement is run on the index: for what should not be so. */
  TestIndex sql(String sql) {
    insert(sql);
    return this;
  }

  Connection connection() {
    return connection;
  }

  RunHistory.Entry entry() {
    var reached = new EnumMap<Run.State, Instant>(Run.State.class);
    var options = new EnumeratedRecord.Options(REQUESTED.minus(Duration.ofHours(24)).toEpochMilli(), true, dryRun);
    Optional<Run> run = after(Optional.empty(), new RunRecord.Requested(RUN, REQUESTED.toEpochMilli(), options, maxDelete, by, null), reached, 1);
    if (enumerated) {
      run = after(
          run,
          new RunRecord.Enumerated(
              RUN, registry, number("SELECT count(*) FROM repository"), number("SELECT count(*) FROM manifest"),
              number("SELECT count(*) FROM tag"), number("SELECT count(*) FROM layer"), number("SELECT count(*) FROM blob"),
              number("SELECT sum(size) FROM blob"), null, null),
          reached, 42);
    }
    if (decided) {
      Tally all = new Tally(number("SELECT count(*) FROM blob"), number("SELECT sum(size) FROM blob"));
      Tally eligible = new Tally(eligible("blob"), number("SELECT sum(bytes) FROM eligible WHERE kind = 'blob'"));
      var totals = new Totals(
          new Tally(all.count() - eligible.count(), all.bytes() - eligible.bytes()), eligible, kept, 0, eligible("manifest"), 0,
          eligible("layer"), null, 0, null);
      run = after(run, new RunRecord.Decided(RUN, 0, 1, 3, totals), reached, 60);
    }
    for (RunRecord next : more) {
      run = after(run, next, reached, 70);
    }
    if (swept) {
      run = after(run, new RunRecord.Swept(RUN, 0, 1, sweep(), Checksum.NONE, null), reached, 131);
    }
    return new RunHistory.Entry(run.orElseThrow(), reached);
  }

  private Sweep sweep() {
    return new Sweep(
        Map.of(Kind.BLOB, new Tally(outcome("deleted"), number("SELECT sum(bytes) FROM deletion"))), outcome("already-gone"),
        Map.of("spared", outcome("spared")), Map.of("failed", outcome("failed")));
  }

  private long outcome(String outcome) {
    return number("SELECT count(*) FROM deletion WHERE outcome = '" + outcome + "'");
  }

  private long eligible(String kind) {
    return number("SELECT count(*) FROM eligible WHERE kind = '" + kind + "'");
  }

  private static Optional<Run> after(Optional<Run> run, RunRecord record, Map<Run.State, Instant> reached, int seconds) {
    Optional<Run> next = Run.after(run, record);
    reached.putIfAbsent(next.orElseThrow().state(), REQUESTED.plusSeconds(seconds));
    return next;
  }

  ReportQueries queries() {
    RunHistory.Entry entry = entry();
    var all = new ArrayList<>(past);
    all.add(entry);
    return new ReportQueries(connection, entry, all, REQUESTED.plusSeconds(3600));
  }

  ReportData report() {
    return queries().read();
  }

  private long size(String name) {
    return number("SELECT size FROM blob WHERE digest = " + idOf(name));
  }

  private long number(String sql) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String word(Kind kind) {
    return kind.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static String json(Object value) {
    try {
      return JsonSerde.MAPPER.writeValueAsString(value);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void insert(String sql, Object... values) {
    try {
      PreparedStatement statement = statements.get(sql);
      if (statement == null) {
        statement = connection.prepareStatement(sql);
        statements.put(sql, statement);
      }
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
