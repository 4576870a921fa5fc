package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Insert;
import dev.tidemark.evidence.index.Sql;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Consumer;

/** The findings of all checks: rows of a table, however many there are. */
final class Findings {

    private final Connection connection;
    private final Insert insert;
    /** The check at hand. */
    private int check;

    private final List<SequencedSet<String>> gaps = new ArrayList<>();
    private final SequencedSet<String> notes = new LinkedHashSet<>();

    Findings(Connection connection) {
        this.connection = connection;
        Sql.runAll(
                connection,
                List.of(
                        "DROP TABLE IF EXISTS temp.finding",
                        "CREATE TEMP TABLE finding (part INTEGER NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL, "
                                + "topic TEXT NOT NULL, partition INTEGER NOT NULL,"
                                + " offset INTEGER NOT NULL)"));
        insert = new Insert(connection, "INSERT INTO temp.finding VALUES (?, ?, ?, ?, ?, ?)");
    }

    /** Begins the next check, to which all findings from now on belong. */
    void begin() {
        gaps.add(new LinkedHashSet<>());
        check = gaps.size() - 1;
    }

    void add(Finding.Kind kind, String what, String topic, int partition, long offset) {
        insert.of(check, kind.name(), what, topic, partition, offset);
    }

    void add(Finding.Kind kind, String what, Lifecycle.Said<?> at) {
        add(kind, what, at.topic(), at.partition(), at.offset());
    }

    /** Adds a finding on the record with that number. */
    void add(Finding.Kind kind, String what, long record) {
        addAll(kind, "SELECT ?, CAST(? AS INTEGER)", what, record);
    }

    /** Adds a finding for each row of a query that says what, and the number of a record. */
    void addAll(Finding.Kind kind, String query, Object... values) {
        Sql.run(
                connection,
                "INSERT INTO temp.finding WITH found (what, record) AS (" + query + ") SELECT " + check + ", '"
                        + kind.name()
                        + "', f.what, r.topic, r.partition, r.offset FROM found f JOIN record r ON r.id = f.record",
                values);
    }

    /** Something can't be seen. */
    void gap(String because) {
        gaps.get(check).add(because);
    }

    /** Adds a remark that a reader of the verdict has to know. */
    void note(String what) {
        notes.add(what);
    }

    /** The verdict of the check at hand. */
    Verdict verdict() {
        return verdict(
                Sql.number(connection, "SELECT count(*) FROM temp.finding WHERE part = ?", check), gaps.get(check));
    }

    /** The verdict of all checks together. */
    Verdict total() {
        var all = new LinkedHashSet<String>();
        gaps.forEach(all::addAll);
        return verdict(count(), all);
    }

    private static Verdict verdict(long findings, SequencedSet<String> gaps) {
        if (findings > 0) {
            return new Verdict.Disproved(findings);
        }
        return gaps.isEmpty() ? new Verdict.Proved() : new Verdict.Unprovable(List.copyOf(gaps));
    }

    SequencedSet<String> gaps() {
        var all = new LinkedHashSet<String>();
        gaps.forEach(all::addAll);
        return all;
    }

    List<String> notes() {
        return List.copyOf(notes);
    }

    long count() {
        return Sql.number(connection, "SELECT count(*) FROM temp.finding");
    }

    Map<Finding.Kind, Long> byKind() {
        var counts = new EnumMap<Finding.Kind, Long>(Finding.Kind.class);
        Sql.each(
                connection,
                "SELECT kind, count(*) FROM temp.finding GROUP BY kind",
                row -> counts.put(Finding.Kind.valueOf(row.getString(1)), row.getLong(2)));
        return counts;
    }

    /** The first of them, in the order of the checks. */
    void each(long limit, Consumer<Finding> each) {
        Sql.each(
                connection,
                "SELECT kind, what, topic, partition, offset FROM temp.finding ORDER BY part, rowid LIMIT ?",
                row -> each.accept(new Finding(
                        Finding.Kind.valueOf(row.getString(1)),
                        row.getString(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getLong(5))),
                limit);
    }
}
