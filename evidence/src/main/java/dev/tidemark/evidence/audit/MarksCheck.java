package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.audit.Lifecycle.Said;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Counted;
import java.sql.Connection;
import java.util.List;

/**
 * Checks that the marker's tasks told each other all that follows from what was enumerated, and nothing else, without a
 * gap.
 */
final class MarksCheck {

    private final Connection connection;
    private final Topics topics;
    private final Lifecycle life;
    private final Retention retention;
    private final Findings findings;
    private final Expected expected;

    MarksCheck(Lifecycle life, Retention retention, Findings findings, Expected expected) {
        connection = expected.connection();
        topics = expected.topics();
        this.life = life;
        this.retention = retention;
        this.findings = findings;
        this.expected = expected;
    }

    String check() {
        if (life.decided.isEmpty()) {
            findings.gap("the run has not decided");
        }
        Sql.runAll(connection, List.of("DROP TABLE IF EXISTS temp.sent", """
        CREATE TEMP TABLE sent AS SELECT x.*, r.partition, r.offset,
          lag(x.sequence, 1, 0) OVER w AS before,
          sum(x.superstep IS NOT NULL) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS step
        FROM exchange x JOIN record r ON r.id = x.record WINDOW w AS (PARTITION BY r.partition, x.sender
          ORDER BY r.offset)"""));
        if (!expected.whole()) {
            findings.gap(
                    "what was enumerated is not all there: whether there are marks that don't follow from it can't "
                            + "be told");
        }
        boolean whole = whole();
        sequence();
        if (whole) {
            supersteps();
        }
        marks(whole);
        return Counted.of(Sql.number(connection, "SELECT coalesce(sum(marks), 0) FROM exchange"), "mark") + ", in "
                + Counted.of(Sql.number(connection, "SELECT count(*) FROM exchange"), "record");
    }

    /** Whether retention has left what was sent first. */
    private boolean whole() {
        boolean whole = true;
        for (int partition = 0; partition < topics.partitions(); partition++) {
            long first = Sql.number(
                    connection,
                    "SELECT count(DISTINCT sender) FROM temp.sent WHERE partition = ? AND sequence = 1",
                    partition);
            if (retention.cut(topics.marks(), partition) && first < topics.partitions()) {
                findings.gap(retention.words(topics.marks(), partition));
                whole = false;
            }
        }
        return whole;
    }

    /** Checks that the records of one task to one partition are numbered without gaps. */
    private void sequence() {
        for (int partition = 0; partition < topics.partitions(); partition++) {
            // Where the beginning is cut off, the first number that is there is taken as it is.
            boolean cut = retention.cut(topics.marks(), partition);
            findings.addAll(Finding.Kind.MISSING, """
          SELECT 'task ' || sender || ' sent number ' || (before + 1) || ' before number ' || sequence
            || ', and it is not there', record
          FROM temp.sent WHERE partition = ? AND sequence > before + 1 AND NOT (? AND before = 0)""", partition, cut);
        }
        findings.addAll(Finding.Kind.REPEATED, """
        SELECT 'number ' || sequence || ' of task ' || sender || ' comes after number ' || before, record FROM temp.sent
          WHERE sequence <= before""");
        findings.addAll(Finding.Kind.MISPLACED, """
        SELECT 'it was sent to partition ' || receiver, record FROM temp.sent WHERE receiver <> partition""");
        findings.addAll(Finding.Kind.UNEXPECTED, """
        SELECT 'it comes from task ' || sender || ', and there is none', record FROM temp.sent WHERE sender < 0
          OR sender >= ?""", topics.partitions());
    }

    /** As many barriers from each to each, each with the number of marks before it, the last one with none. */
    private void supersteps() {
        long steps = Sql.number(connection, "SELECT coalesce(max(superstep) + 1, 0) FROM temp.sent");
        for (Said<Decided> decided : life.decided) {
            if (decided.value().supersteps() != steps) {
                findings.add(
                        Finding.Kind.CONTRADICTION,
                        "it is said to have taken %s, and it took %d"
                                .formatted(Counted.of(decided.value().supersteps(), "superstep"), steps),
                        decided);
            }
        }
        if (life.decided.isEmpty()) {
            return;
        }
        for (int sender = 0; sender < topics.partitions(); sender++) {
            for (int partition = 0; partition < topics.partitions(); partition++) {
                long barriers = Sql.number(
                        connection,
                        "SELECT count(*) FROM temp.sent WHERE partition = ? AND sender = ? AND superstep IS NOT NULL",
                        partition,
                        sender);
                if (barriers != steps) {
                    findings.add(
                            barriers < steps ? Finding.Kind.MISSING : Finding.Kind.UNEXPECTED,
                            "task %d ended %d of %s".formatted(sender, barriers, Counted.of(steps, "superstep")),
                            topics.marks(),
                            partition,
                            -1);
                }
            }
        }
        findings.addAll(Finding.Kind.CONTRADICTION, """
        SELECT 'superstep ' || superstep || ' of task ' || sender || ' ends where superstep ' || coalesce(step, 0)
          || ' should', record
        FROM temp.sent WHERE superstep IS NOT NULL AND superstep <> coalesce(step, 0)""");
        findings.addAll(Finding.Kind.UNEXPECTED, """
        SELECT 'task ' || sender || ' sent marks after its last superstep', record FROM temp.sent
          WHERE superstep IS NULL AND step >= ?""", steps);
        findings.addAll(Finding.Kind.CONTRADICTION, """
        WITH counted AS (SELECT sender, coalesce(step, 0) AS step, sum(marks) AS marks FROM temp.sent
          WHERE superstep IS NULL GROUP BY 1, 2)
        SELECT 'task ' || s.sender || ' is said to have sent ' || s.sent || ' marks in superstep ' || s.superstep
          || ', and sent '
          || coalesce(c.marks, 0), s.record
        FROM temp.sent s LEFT JOIN counted c ON c.sender = s.sender AND c.step = s.superstep
        WHERE s.superstep IS NOT NULL AND s.sent <> coalesce(c.marks, 0)""");
        Sql.each(
                connection,
                """
        SELECT superstep, max(sent) FROM temp.sent WHERE superstep IS NOT NULL GROUP BY superstep
          HAVING (superstep = ? - 1) <> (max(sent) = 0)""",
                row -> findings.add(
                        Finding.Kind.CONTRADICTION,
                        row.getLong(2) == 0
                                ? "superstep " + row.getLong(1) + " sent no marks, and others came after it"
                                : "the last superstep sent marks: what they lead to was not waited for",
                        topics.marks(),
                        0,
                        -1),
                steps);
    }

    /**
     * The marks that were sent, and those that there have to be, counted against each other. A word to a subject about
     * its referrer is counted like a mark.
     */
    private void marks(boolean whole) {
        Sql.runAll(connection, List.of("DROP TABLE IF EXISTS temp.odd_mark", """
        CREATE TEMP TABLE odd_mark AS SELECT parent, repository, child, optional, said, sum(n) AS n,
          max(record) AS record
          FROM (
          SELECT parent, repository, child, optional, said, 1 AS n, record FROM mark
          UNION ALL SELECT parent, repository, child, optional, said, -1, NULL FROM temp.expected_mark
          UNION ALL SELECT referrer, repository, subject, NULL, NULL, 1, record FROM referral
          UNION ALL SELECT digest, repository, subject, NULL, NULL, -1, NULL FROM manifest WHERE subject IS NOT NULL)
        GROUP BY parent, repository, child, optional, said HAVING sum(n) <> 0"""));
        if (expected.whole()) {
            findings.addAll(Finding.Kind.UNEXPECTED, """
          SELECT iif(o.optional IS NULL, 'word to ', 'a mark for ') || c.text
            || coalesce(', of ' || o.said || ' bytes,', '') || ' because of ' || p.text || ' in '
            || r.name || ', which does not follow', o.record
          FROM temp.odd_mark o JOIN digest c ON c.id = o.child JOIN digest p ON p.id = o.parent
            JOIN repository r ON r.id = o.repository
          WHERE o.n > 0""");
        }
        if (whole && !life.decided.isEmpty()) {
            Sql.each(
                    connection,
                    """
          SELECT c.text, p.text, r.name, o.optional IS NULL FROM temp.odd_mark o JOIN digest c ON c.id = o.child
            JOIN digest p ON p.id = o.parent
          JOIN repository r ON r.id = o.repository WHERE o.n < 0""",
                    row -> findings.add(
                            Finding.Kind.MISSING,
                            (row.getBoolean(4) ? "the word to " : "the mark for ") + row.getString(1) + " because of "
                                    + row.getString(2) + " in " + row.getString(3) + " is not there",
                            topics.marks(),
                            expected.partition(row.getString(1)),
                            -1));
        }
    }
}
