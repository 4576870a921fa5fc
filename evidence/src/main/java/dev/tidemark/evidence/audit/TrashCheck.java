package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Counted;
import java.sql.Connection;

/**
 * Checks that only what was swept left the trash, and that nothing was purged but after a look that found no need of
 * it, and not before its time. A user may purge before that time, and not before that look.
 */
final class TrashCheck {

    private static final String WHAT =
            "SELECT 'the ' || t.kind || ' ' || iif(t.kind = 'tag', t.tag, d.text) || coalesce(' in ' || p.name, '') "
                    + "|| ' ' || ";
    private static final String OUT = ", t.record FROM trash t LEFT JOIN digest d ON d.id = t.digest "
            + "LEFT JOIN repository p ON p.id = t.repository ";
    private static final String SAME =
            "x.digest = t.digest AND x.kind = t.kind AND x.repository = t.repository AND x.tag = t.tag ";
    private static final String DELETION = "JOIN deletion x ON " + SAME;
    /** Not the beginning of what is recorded as done. */
    private static final String LAST = "NOT (t.outcome = 'purging' AND EXISTS (SELECT 1 FROM trash x WHERE " + SAME
            + "AND x.outcome = 'purged')) ";

    private static final String PURGE = "t.outcome <> 'restored' AND " + LAST + "AND ";
    private static final String SWEPT = DELETION + "WHERE " + PURGE + "t.asked_by IS NULL AND ";
    /** A file that was about to be purged may be purged, though no record of that follows. */
    private static final String HOW =
            "CASE t.outcome WHEN 'purging' THEN 'may have been purged' ELSE 'was ' || t.outcome END || ";

    private final Lifecycle life;
    private final Retention retention;
    private final Findings findings;
    private final Connection connection;
    private final Topics topics;

    TrashCheck(Connection connection, Topics topics, Lifecycle life, Retention retention, Findings findings) {
        this.connection = connection;
        this.topics = topics;
        this.life = life;
        this.retention = retention;
        this.findings = findings;
    }

    String check() {
        long out = Sql.number(connection, "SELECT count(*) FROM trash");
        if (out > 0) {
            looked();
            due();
            if (whole()) {
                swept();
            }
        }
        return "%s put back from the trash, %,d purged"
                .formatted(Counted.of(number("outcome = 'restored'"), "file"), number("outcome = 'purged'"));
    }

    private long number(String where) {
        return Sql.number(connection, "SELECT count(*) FROM trash WHERE " + where);
    }

    /** Each purge came after a look that began when the file had been in the trash for long enough. */
    private void looked() {
        findings.addAll(
                Finding.Kind.WITHOUT_LEAVE,
                WHAT + HOW + "', and had been in the trash for ' || (t.looked - t.since) || ' ms when the look "
                        + "began, not ' || t.least" + OUT
                        + "WHERE " + PURGE + "t.looked - t.since < t.least");
        findings.addAll(
                Finding.Kind.CONTRADICTION,
                WHAT + "'is said to have been purged before the look that found no need of it'" + OUT + "WHERE " + PURGE
                        + "t.at < t.looked - ?",
                Run.CLOCKS_DIFFER.toMillis());
        findings.addAll(
                Finding.Kind.CONTRADICTION,
                WHAT + HOW + "' after a look that began before it was swept'" + OUT + SWEPT + "t.looked < x.at - ?",
                Run.CLOCKS_DIFFER.toMillis());
    }

    /** Nothing but a user's word lets a file be purged before the time that the sweep has asked for. */
    private void due() {
        findings.addAll(
                Finding.Kind.WITHOUT_LEAVE,
                WHAT + HOW + "' after ' || t.least || ' ms, and was to be kept for ' || x.keep" + OUT + SWEPT
                        + "t.least < x.keep");
        Sql.each(
                connection,
                "SELECT t.asked_by, count(*) FROM trash t " + DELETION
                        + "WHERE " + PURGE + "t.asked_by IS NOT NULL AND t.least < x.keep "
                        + "GROUP BY 1 ORDER BY 1",
                row -> findings.note(Counted.of(row.getLong(2), "file")
                        + " of the trash did not have to be there for as long as the sweep had asked for, on the word "
                        + "of " + row.getString(1)));
    }

    /** Whether all deletions are there: a sweep that was cut off may not have recorded its last. */
    private boolean whole() {
        if (life.run.isEmpty() || life.run.get().state() != Run.State.SWEPT) {
            return false;
        }
        for (int partition = 0; partition < topics.partitions(); partition++) {
            if (retention.cut(topics.deletions(), partition)) {
                findings.gap(retention.words(topics.deletions(), partition));
                return false;
            }
        }
        return true;
    }

    private void swept() {
        findings.addAll(
                Finding.Kind.UNEXPECTED,
                WHAT + HOW + "' from the trash, and was not swept'" + OUT + "WHERE " + LAST
                        + "AND NOT EXISTS (SELECT 1 FROM deletion x WHERE " + SAME + ")");
        long copies = Sql.number(
                connection,
                "SELECT count(*) FROM trash t " + DELETION + "WHERE " + LAST + "AND x.outcome IN ('spared', 'failed')");
        if (copies > 0) {
            findings.note(Counted.of(copies, "file")
                    + " left the trash that the sweep has left in its place: a sweep that was cut off had begun with "
                    + "it");
        }
    }
}
