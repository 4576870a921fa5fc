package dev.tidemark.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.tidemark.report.data.ReportRow;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of deletions: its first rows as markup, and all of them as data for the script. */
final class TableMarkup {

  /** Rows that are there without a script, and on paper. As many as the script shows at once. */
  private static final int FIRST = 50;

  private static final List<String> KINDS = List.of("manifest", "layer link", "blob");
  private static final Map<String, String> LOOKS =
      Map.of("eligible", "info", "deleted", "info", "already-gone", "info", "spared", "warn", "failed", "bad");

  private TableMarkup() {}

  static Html first(List<ReportRow> rows) {
    return Html.all(rows.stream().limit(FIRST).map(TableMarkup::row));
  }

  private static Html row(ReportRow row) {
    var where = new ArrayList<Html>();
    row.repositories().forEach(name -> where.add(Html.of("<span><bdi>{}</bdi></span>", name)));
    if (row.repositories().isEmpty()) {
      where.add(new Html("<span class=\"soft\">linked by no repository</span>"));
    }
    if (row.holders() > row.repositories().size()) {
      where.add(Html.of("<span class=\"soft\">and {} more</span>", Format.number(row.holders() - row.repositories().size())));
    }
    if (!row.tags().isEmpty()) {
      where.add(Html.of("<span class=\"soft\">was tagged {}</span>", String.join(", ", row.tags())));
    }
    return Html.of(
        """
        <tr role="row"><td role="cell" class="what"><span>{}</span><code class="digest" title="{}">{}</code></td>\
        <td role="cell" class="where">{}</td><td role="cell" class="num" data-label="Size">{}</td>\
        <td role="cell" data-label="Last written">{}</td>\
        <td role="cell" class="why"><span class="mark {}">{}</span>{}</td></tr>
        """,
        kind(row.kind()), row.digest(), row.digest(), Html.all(where), row.kind() == Kind.BLOB ? Format.bytes(row.bytes()) : "–",
        row.modified() == null ? "not known" : Format.day(row.modified()), LOOKS.get(outcome(row)), outcome(row).replace('-', ' '),
        row.why() == null ? reason(row) : row.why() + " (" + reason(row) + ")");
  }

  static String kind(Kind kind) {
    return KINDS.get(kind.ordinal());
  }

  private static String outcome(ReportRow row) {
    return row.outcome() == null ? "eligible" : row.outcome();
  }

  private static String reason(ReportRow row) {
    return row.reason() == null ? "the topics no longer say why" : row.reason();
  }

  /** Rows as arrays, and each text that repeats once. No text in it can end the element that it is in. */
  static Html data(List<ReportRow> rows) {
    var strings = new LinkedHashMap<String, Integer>();
    List<Object[]> compact =
        rows.stream()
            .map(row -> new Object[] {
              row.kind().ordinal(), row.digest(), numbers(strings, row.repositories()), row.holders(), numbers(strings, row.tags()),
              row.bytes(), number(strings, reason(row)), row.modified(), number(strings, outcome(row)),
              row.why() == null ? -1 : number(strings, row.why())
            })
            .toList();
    var document = new LinkedHashMap<String, Object>();
    document.put("kinds", KINDS);
    document.put("looks", LOOKS);
    document.put("strings", strings.keySet());
    document.put("rows", compact);
    try {
      return new Html(harmless(JsonSerde.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(document)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a document is plain data", e);
    }
  }

  private static List<Integer> numbers(Map<String, Integer> strings, List<String> texts) {
    return texts.stream().map(text -> number(strings, text)).toList();
  }

  private static int number(Map<String, Integer> strings, String text) {
    return strings.computeIfAbsent(text, unknown -> strings.size());
  }

  /** These are in JSON's strings only, and there an escape means the same. */
  private static String harmless(String json) {
    return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
  }
}
