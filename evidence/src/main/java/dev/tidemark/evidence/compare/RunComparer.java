package dev.tidemark.evidence.compare;

import dev.tidemark.evidence.compare.Comparison.Between;
import dev.tidemark.evidence.compare.Comparison.Blob;
import dev.tidemark.evidence.compare.Comparison.Group;
import dev.tidemark.evidence.compare.Comparison.Growth;
import dev.tidemark.evidence.compare.Comparison.Manifest;
import dev.tidemark.evidence.compare.Comparison.Names;
import dev.tidemark.evidence.compare.Comparison.Side;
import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.evidence.index.Sql;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Puts the indexes of two runs side by side. */
public final class RunComparer implements AutoCloseable {

    private final Connection both;
    private final RunFacts earlier;
    private final RunFacts later;
    private final int limit;

    private RunComparer(Connection earlier, Connection later, int limit) {
        this.earlier = facts(earlier);
        this.later = facts(later);
        this.limit = limit;
        try {
            both = DriverManager.getConnection("jdbc:sqlite::memory:");
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
        attach(earlier, "earlier");
        attach(later, "later");
        Sql.runAll(both, List.of("PRAGMA cache_size = -64000", "BEGIN"));
        Sql.runAll(both, Sql.script(RunComparer.class, "compare.sql"));
    }

    /**
     * Compares them.
     *
     * @param between the runs in between that deleted anything
     * @param limit how much of each list is listed
     */
    public static Comparison compare(Connection earlier, Connection later, List<Between> between, int limit) {
        try (var comparer = new RunComparer(earlier, later, limit)) {
            return comparer.compare(between);
        }
    }

    private static RunFacts facts(Connection connection) {
        try (var index = new IndexReader(connection)) {
            return RunFacts.read(index);
        }
    }

    private void attach(Connection connection, String name) {
        Sql.run(both, "ATTACH ? AS " + name, Sql.file(connection));
        Sql.runAll(both, List.of("PRAGMA " + name + ".cache_size = -64000"));
    }

    private Comparison compare(List<Between> between) {
        return new Comparison(
                side(earlier, "earlier"),
                side(later, "later"),
                null,
                caution(),
                now("b.known AND b.eligible AND NOT b.was"),
                now("NOT b.known AND b.eligible"),
                now("b.known AND b.eligible AND b.was"),
                now("b.known AND b.was AND NOT b.eligible"),
                then("b.deleted"),
                then("b.now IS NULL AND NOT b.deleted"),
                between,
                now("b.deleted"),
                now("NOT b.known"),
                names("SELECT name FROM later.repository WHERE id NOT IN (SELECT later FROM same_repository) "
                        + "ORDER BY name"),
                names("SELECT name FROM earlier.repository WHERE id NOT IN (SELECT earlier FROM same_repository) "
                        + "ORDER BY name"),
                growth());
    }

    private Side side(RunFacts run, String name) {
        long bytes = sum("SELECT sum(size) FROM %s.blob", name);
        long eligible = sum("SELECT sum(b.size) FROM %1$s.blob b WHERE " + ELIGIBLE_BLOB, name);
        return new Side(
                run,
                sum("SELECT count(*) FROM %s.repository WHERE record IS NOT NULL", name),
                sum("SELECT count(*) FROM %s.tag WHERE current", name),
                sum("SELECT count(*) FROM %s.manifest", name),
                sum("SELECT count(*) FROM %s.layer", name),
                sum("SELECT count(*) FROM %s.blob", name),
                bytes,
                sum("SELECT count(*) FROM %1$s.blob b WHERE " + ELIGIBLE_BLOB, name),
                eligible,
                bytes - eligible);
    }

    private static final String ELIGIBLE_BLOB =
            "EXISTS (SELECT 1 FROM %1$s.eligible x WHERE x.digest = b.digest AND x.kind = 'blob' AND x.repository = 0)";

    private long sum(String sql, String name) {
        return Sql.number(both, sql.formatted(name));
    }

    private List<String> caution() {
        var caution = new ArrayList<String>();
        for (RunFacts run : List.of(earlier, later)) {
            if (run.lost() != null) {
                caution.add("of the run " + run.run() + " " + run.lost() + ": what is said here is as incomplete");
            }
        }
        if (earlier.deleteUntagged() != later.deleteUntagged()) {
            String strict = (earlier.deleteUntagged() ? earlier : later).run();
            caution.add("only the run " + strict + " was to delete untagged manifests");
        }
        if (earlier.dryRun() != later.dryRun()) {
            caution.add("the run " + (earlier.dryRun() ? earlier : later).run() + " was a dry run: it deleted nothing");
        }
        return caution;
    }

    /** The blobs and manifests of the later run for which the condition holds. */
    private Group now(String condition) {
        return group("later", "blob_now", "manifest_now", condition);
    }

    /** The blobs and manifests of the earlier run for which the condition holds. */
    private Group then(String condition) {
        return group("earlier", "blob_then", "manifest_then", condition);
    }

    private Group group(String side, String blobs, String manifests, String which) {
        var largest = new ArrayList<Blob>();
        Sql.each(
                both,
                """
        SELECT d.text, b.size, r.name, iif('%1$s' = 'later', l.rule, NULL) FROM temp.%2$s b
          JOIN %1$s.digest d ON d.id = b.id
        LEFT JOIN %1$s.repository r ON r.id = coalesce(
          (SELECT min(x.repository) FROM %1$s.layer x WHERE x.digest = b.id),
          (SELECT min(x.repository) FROM %1$s.manifest x WHERE x.digest = b.id))
        LEFT JOIN %1$s.live l ON l.digest = b.id
        WHERE %3$s ORDER BY b.size DESC, d.text LIMIT ?""".formatted(side, blobs, which),
                row -> largest.add(new Blob(row.getString(1), row.getLong(2), row.getString(3), row.getString(4))),
                limit);
        var named = new ArrayList<Manifest>();
        Sql.each(
                both,
                """
        SELECT r.name, d.text, %4$s AS tag FROM temp.%2$s b JOIN %1$s.digest d ON d.id = b.id
          JOIN %1$s.repository r ON r.id = b.repository
        WHERE %3$s ORDER BY tag IS NULL, r.name, tag, d.text LIMIT ?""".formatted(side, manifests, which, tag(side)),
                row -> named.add(new Manifest(row.getString(1), row.getString(2), row.getString(3))),
                limit);
        return new Group(
                Sql.number(both, "SELECT count(*) FROM temp." + blobs + " b WHERE " + which),
                Sql.number(both, "SELECT sum(b.size) FROM temp." + blobs + " b WHERE " + which),
                Sql.number(both, "SELECT count(*) FROM temp." + manifests + " b WHERE " + which),
                largest,
                named);
    }

    /** A tag of the manifest at hand: of now, or, if none names it now, of then. */
    private static String tag(String side) {
        String own =
                "(SELECT min(t.name) FROM %s.tag t WHERE t.digest = b.id AND t.repository = b.repository AND t.current)"
                        .formatted(side);
        return side.equals("earlier")
                ? own
                : "coalesce(" + own
                        + ", (SELECT min(t.name) FROM temp.manifest_then p JOIN earlier.tag t ON t.digest = p.id"
                        + " AND t.repository = p.repository AND t.current WHERE p.now = b.id AND p.there = "
                        + "b.repository))";
    }

    private Names names(String sql) {
        var first = new ArrayList<String>();
        Sql.each(both, sql + " LIMIT ?", row -> first.add(row.getString(1)), limit);
        return new Names(Sql.number(both, "SELECT count(*) FROM (" + sql + ")"), first);
    }

    private List<Growth> growth() {
        var growth = new ArrayList<Growth>();
        Sql.each(both, """
        SELECT name, max(before), max(after) FROM (
          SELECT name, bytes AS before, 0 AS after FROM bytes_then UNION ALL SELECT name, 0, bytes FROM bytes_now)
        GROUP BY name HAVING max(before) <> max(after) ORDER BY abs(max(after) - max(before)) DESC,
          name LIMIT ?""", row -> growth.add(new Growth(row.getString(1), row.getLong(2), row.getLong(3))), limit);
        return growth;
    }

    @Override
    public void close() {
        try {
            both.close();
        } catch (SQLException e) {
            throw IndexException.because(e);
        }
    }
}
