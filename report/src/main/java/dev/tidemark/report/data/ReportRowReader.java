package dev.tidemark.report.data;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the deletions of a run or, where there are none, its eligible records, as rows of the report's table. */
final class ReportRowReader implements AutoCloseable {

    private static final int HOLDERS_NAMED = 3;

    /** Of a deletion that is recorded twice, the last counts. */
    private static final String DELETIONS = """
      SELECT d.digest AS digest, d.kind AS kind, d.repository AS repository, d.tag AS tag,
        coalesce(e.bytes, d.bytes) AS bytes, d.outcome AS outcome, d.why AS why, d.at AS at,
        e.reason AS reason, e.modified AS modified, e.history AS history
      FROM deletion d LEFT JOIN eligible e ON e.digest = d.digest AND e.kind = d.kind AND e.repository = d.repository
        AND e.tag = d.tag
      WHERE NOT EXISTS (
        SELECT 1 FROM deletion later
        WHERE later.digest = d.digest AND later.kind = d.kind AND later.repository = d.repository
          AND later.tag = d.tag AND later.record > d.record)""";

    private static final String ELIGIBLE = """
      SELECT digest, kind, repository, tag, bytes, NULL AS outcome, NULL AS why, NULL AS at, reason, modified, history
      FROM eligible""";

    private enum Query implements IndexReader.Query {
        DIGEST("SELECT text FROM digest WHERE id = ?"),
        REPOSITORY("SELECT name FROM repository WHERE id = ?"),
        /** The rule that lets a tag go, and why. */
        VERDICT("SELECT coalesce(rule || ': ', '') || why FROM tagged WHERE repository = ? AND name = ? AND kept = 0"),
        HOLDERS("SELECT repository FROM layer WHERE digest = ?1 UNION SELECT repository FROM manifest WHERE digest "
                + "= ?1");

        private final String sql;

        Query(String sql) {
            this.sql = sql;
        }

        @Override
        public String sql() {
            return sql;
        }
    }

    private final Connection index;
    private final IndexReader reader;
    private final String rows;

    ReportRowReader(Connection index, boolean swept) {
        this.index = index;
        reader = new IndexReader(index);
        rows = "(" + (swept ? DELETIONS : ELIGIBLE) + ")";
    }

    static Kind kind(String text) {
        return Kind.valueOf(text.toUpperCase(Locale.ROOT));
    }

    void counts(Map<Kind, Long> count) {
        Sql.each(
                index,
                "SELECT kind, count(*) FROM " + rows + " GROUP BY kind",
                row -> count.put(kind(row.getString(1)), row.getLong(2)));
    }

    /**
     * Hands out rows.
     *
     * @param which the end of the query: a constant of the source
     */
    void each(String which, Consumer<ReportRow> out) {
        Sql.each(index, "SELECT * FROM " + rows + " " + which, row -> out.accept(row(row)));
    }

    private ReportRow row(ResultSet row) throws SQLException {
        long id = row.getLong("digest");
        Kind kind = kind(row.getString("kind"));
        long repository = row.getLong("repository");
        List<Long> in =
                repository == 0 ? reader.list(Query.HOLDERS, holder -> holder.getLong(1), id) : List.of(repository);
        var names = new ArrayList<String>();
        for (long holder : in.subList(0, Math.min(HOLDERS_NAMED, in.size()))) {
            names.add(text(Query.REPOSITORY, holder));
        }
        return new ReportRow(
                kind,
                text(Query.DIGEST, id),
                names,
                in.size(),
                kind == Kind.TAG || kind.hasPath() ? List.of(row.getString("tag")) : tags(row.getString("history")),
                row.getLong("bytes"),
                reason(row, kind),
                IndexReader.integer(row, "modified"),
                row.getString("outcome"),
                row.getString("why"),
                IndexReader.integer(row, "at"));
    }

    private String reason(ResultSet row, Kind kind) throws SQLException {
        String reason = row.getString("reason");
        return kind == Kind.TAG
                ? reader.first(
                                Query.VERDICT,
                                verdict -> verdict.getString(1),
                                row.getLong("repository"),
                                row.getString("tag"))
                        .orElse(reason)
                : reason;
    }

    private String text(Query query, long id) {
        return reader.first(query, row -> row.getString(1), id).orElse("?");
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

    @Override
    public void close() {
        reader.close();
    }
}
