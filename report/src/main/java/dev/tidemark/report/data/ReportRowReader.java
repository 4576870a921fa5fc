package dev.tidemark.report.data;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Reads what was deleted, or, where nothing was, what is eligible. */
final class ReportRowReader implements AutoCloseable {

  private static final int HOLDERS_NAMED = 3;

  /** Of a deletion that is recorded twice, the last counts. */
  private static final String DELETIONS =
      """
      SELECT d.digest AS digest, d.kind AS kind, d.repository AS repository, coalesce(e.bytes, d.bytes) AS bytes,
        d.outcome AS outcome, d.why AS why, d.at AS at, e.reason AS reason, e.modified AS modified, e.history AS history
      FROM deletion d LEFT JOIN eligible e ON e.digest = d.digest AND e.kind = d.kind AND e.repository = d.repository
      WHERE NOT EXISTS (
        SELECT 1 FROM deletion later
        WHERE later.digest = d.digest AND later.kind = d.kind AND later.repository = d.repository AND later.record > d.record)""";

  private static final String ELIGIBLE =
      """
      SELECT digest, kind, repository, bytes, NULL AS outcome, NULL AS why, NULL AS at, reason, modified, history
      FROM eligible""";

  private final Connection index;
  private final String rows;
  private final PreparedStatement digest;
  private final PreparedStatement repository;
  private final PreparedStatement holders;

  ReportRowReader(Connection index, boolean swept) throws SQLException {
    this.index = index;
    rows = "(" + (swept ? DELETIONS : ELIGIBLE) + ")";
    digest = index.prepareStatement("SELECT text FROM digest WHERE id = ?");
    repository = index.prepareStatement("SELECT name FROM repository WHERE id = ?");
    holders = index.prepareStatement("SELECT repository FROM layer WHERE digest = ?1 UNION SELECT repository FROM manifest WHERE digest = ?1");
  }

  static Kind kind(String text) {
    return Kind.valueOf(text.toUpperCase(Locale.ROOT));
  }

  void counts(Map<Kind, Long> count) throws SQLException {
    try (Statement statement = index.createStatement();
        ResultSet result = statement.executeQuery("SELECT kind, count(*) FROM " + rows + " GROUP BY kind")) {
      while (result.next()) {
        count.put(kind(result.getString(1)), result.getLong(2));
      }
    }
  }

  /**
   * Hands out rows.
   *
   * @param which the end of the query: a constant of the source
   */
  void each(String which, Consumer<ReportRow> out) throws SQLException {
    try (Statement statement = index.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM " + rows + " " + which)) {
      while (result.next()) {
        out.accept(row(result));
      }
    }
  }

  private ReportRow row(ResultSet row) throws SQLException {
    long id = row.getLong("digest");
    Kind kind = kind(row.getString("kind"));
    List<Long> in = kind == Kind.BLOB ? holders(id) : List.of(row.getLong("repository"));
    var names = new ArrayList<String>();
    for (long holder : in.subList(0, Math.min(HOLDERS_NAMED, in.size()))) {
      names.add(text(repository, holder));
    }
    return new ReportRow(
        kind, text(digest, id), names, in.size(), tags(row.getString("history")), row.getLong("bytes"), row.getString("reason"),
        number(row, "modified"), row.getString("outcome"), row.getString("why"), number(row, "at"));
  }

  private List<Long> holders(long id) throws SQLException {
    var repositories = new ArrayList<Long>();
    holders.setLong(1, id);
    try (ResultSet result = holders.executeQuery()) {
      while (result.next()) {
        repositories.add(result.getLong(1));
      }
    }
    return repositories;
  }

  private static String text(PreparedStatement statement, long id) throws SQLException {
    statement.setLong(1, id);
    try (ResultSet result = statement.executeQuery()) {
      return result.next() ? result.getString(1) : "?";
    }
  }

  /** As the index has them: a JSON array, or nothing. */
  private static List<String> tags(String history) {
    if (history == null || history.isEmpty()) {
      return List.of();
    }
    try {
      return JsonSerde.MAPPER.readValue(history, new TypeReference<List<String>>() {});
    } catch (IOException e) {
      throw new ReportException("the index has a history of tags that can't be read: " + history, e);
    }
  }

  private static Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  @Override
  public void close() throws SQLException {
    digest.close();
    repository.close();
    holders.close();
  }
}
