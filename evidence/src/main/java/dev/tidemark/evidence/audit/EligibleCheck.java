package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.audit.Lifecycle.Said;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.RunRecord.Decided;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.text.Counted;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/** Checks that all that is not live was found eligible, and nothing else, and that the totals are its sums. */
final class EligibleCheck {

    private final Connection connection;
    private final Topics topics;
    private final Lifecycle life;
    private final Retention retention;
    private final Findings findings;
    private final Expected expected;
    private final String topic;

    EligibleCheck(Lifecycle life, Retention retention, Findings findings, Expected expected) {
        connection = expected.connection();
        topics = expected.topics();
        this.life = life;
        this.retention = retention;
        this.findings = findings;
        this.expected = expected;
        topic = expected.eligibleTopic();
    }

    String check() {
        findings.addAll(Finding.Kind.MISPLACED, """
        SELECT 'a ' || CASE WHEN ? THEN 'dry run' ELSE 'run that is no dry run' END || ' has it', id FROM record
        WHERE type IN ('eligible', 'end-of-eligible') AND topic <> ?""", expected.options().dryRun(), topic);
        if (!expected.whole()) {
            findings.gap("what was enumerated is not all there: only that nothing is eligible which is seen to be live "
                    + "can be told");
        }
        boolean whole = true;
        for (int partition = 0; partition < topics.partitions(); partition++) {
            whole &= partition(partition);
        }
        set(whole);
        fields();
        decided();
        return Counted.of(Sql.number(connection, "SELECT count(*) FROM eligible"), "record") + " of what is eligible";
    }

    /** Returns whether all of the partition is there. */
    private boolean partition(int partition) {
        List<Said<EndOfEligible>> ends = Lifecycle.in(topic, partition, life.endsOfEligible);
        long count = Sql.number(
                connection,
                "SELECT count(*) FROM record WHERE type = 'eligible' AND topic = ? AND partition = ?",
                topic,
                partition);
        if (ends.isEmpty()) {
            findings.gap("the last barrier of " + topic + "-" + partition + " is not there"
                    + (retention.cut(topic, partition) ? ": " + retention.words(topic, partition) : ""));
            return false;
        }
        Said<EndOfEligible> end = ends.getFirst();
        ends.subList(1, ends.size())
                .forEach(again -> findings.add(Finding.Kind.REPEATED, "the last barrier is there again", again));
        findings.addAll(Finding.Kind.UNEXPECTED, """
        SELECT 'it comes after the last barrier', id FROM record WHERE type = 'eligible' AND topic = ? AND partition = ?
          AND offset > ?""", topic, partition, end.offset());
        if (end.value().partition() != partition) {
            findings.add(
                    Finding.Kind.MISPLACED,
                    "a barrier of partition " + end.value().partition(),
                    end);
        }
        if (count < end.value().records() && retention.cut(topic, partition)) {
            findings.gap(retention.words(topic, partition));
            return false;
        }
        if (count != end.value().records()) {
            findings.add(
                    count < end.value().records() ? Finding.Kind.MISSING : Finding.Kind.UNEXPECTED,
                    "what is eligible is %s, and %,d were counted"
                            .formatted(Counted.of(count, "record"), end.value().records()),
                    end);
        }
        if (!end.value().checksum().equals(Checksums.of(connection, topic, partition))) {
            findings.add(
                    Finding.Kind.ALTERED, "what is eligible before this barrier is not what it was written for", end);
        }
        return true;
    }

    private void set(boolean whole) {
        if (expected.whole()) {
            findings.addAll(Finding.Kind.UNEXPECTED, """
          SELECT 'the ' || e.kind || ' ' || iif(e.tag = '', '', e.tag || ' of ') || d.text
            || coalesce(' in ' || p.name, '')
            || CASE WHEN l.rule IS NULL THEN ' is eligible, and was not enumerated'
              ELSE ' is eligible, and is live (' || l.rule || ')' END, e.record
          FROM eligible e JOIN digest d ON d.id = e.digest LEFT JOIN repository p ON p.id = e.repository
            LEFT JOIN live l ON l.digest = e.digest
          WHERE NOT EXISTS (
            SELECT 1 FROM temp.expected_eligible x WHERE x.digest = e.digest AND x.kind = e.kind
              AND x.repository = e.repository AND x.tag = e.tag)""");
        } else {
            // Missing records can hide a live digest, but not make one: a digest that is seen to be live is live.
            findings.addAll(Finding.Kind.LIVE, """
          SELECT 'the ' || e.kind || ' ' || iif(e.tag = '', '', e.tag || ' of ') || d.text
            || coalesce(' in ' || p.name, '') || ' is eligible, and is live',
            e.record
          FROM eligible e JOIN digest d ON d.id = e.digest LEFT JOIN repository p ON p.id = e.repository
          WHERE CASE e.kind WHEN 'layer' THEN EXISTS (SELECT 1 FROM live_link k WHERE k.digest = e.digest
            AND k.repository = e.repository)
            WHEN 'tag' THEN EXISTS (SELECT 1 FROM tag t WHERE t.digest = e.digest AND t.repository = e.repository
              AND t.name = e.tag AND t.current AND t.going IS NULL)
            WHEN 'manifest' THEN EXISTS (SELECT 1 FROM live l WHERE l.digest = e.digest)
            WHEN 'blob' THEN EXISTS (SELECT 1 FROM live l WHERE l.digest = e.digest)
            ELSE EXISTS (SELECT 1 FROM leftover f WHERE f.digest = e.digest
              AND f.digest NOT IN (SELECT digest FROM abandoned)) END""");
        }
        findings.addAll(Finding.Kind.REPEATED, """
        SELECT 'the ' || e.kind || ' ' || iif(e.tag = '', '', e.tag || ' of ') || d.text
          || ' is eligible more than once', max(e.record) FROM eligible e
          JOIN digest d ON d.id = e.digest
        GROUP BY e.digest, e.kind, e.repository, e.tag HAVING count(*) > 1""");
        if (expected.whole() && whole) {
            Sql.each(
                    connection,
                    """
          SELECT x.kind, iif(x.tag = '', '', x.tag || ' of ') || d.text, p.name, x.partition
            FROM temp.expected_eligible x JOIN digest d ON d.id = x.digest
          LEFT JOIN repository p ON p.id = x.repository
          WHERE NOT EXISTS (SELECT 1 FROM eligible e WHERE e.digest = x.digest AND e.kind = x.kind
            AND e.repository = x.repository AND e.tag = x.tag)""",
                    row -> findings.add(
                            Finding.Kind.MISSING,
                            "the " + row.getString(1) + " " + row.getString(2)
                                    + (row.getString(3) == null ? "" : " in " + row.getString(3))
                                    + switch (row.getString(1)) {
                                        case "tag" -> " goes";
                                        case "upload", "multipart", "directory", "repository", "link" ->
                                            " is old enough";
                                        default -> " is not live";
                                    }
                                    + ", and is not eligible",
                            topic,
                            row.getInt(4),
                            -1));
        }
    }

    private void fields() {
        findings.addAll(Finding.Kind.CONTRADICTION, """
        SELECT 'the ' || e.kind || ' ' || iif(e.tag = '', '', e.tag || ' of ') || d.text
          || ' is eligible with another size, reason or time than was enumerated', e.record
        FROM eligible e JOIN digest d ON d.id = e.digest
        JOIN temp.expected_eligible x ON x.digest = e.digest AND x.kind = e.kind AND x.repository = e.repository
          AND x.tag = e.tag
        WHERE (x.bytes, x.reason, x.modified) <> (e.bytes, e.reason, e.modified)""");
        findings.addAll(Finding.Kind.CONTRADICTION, """
        SELECT 'the ' || e.kind || ' ' || iif(e.tag = '', '', e.tag || ' of ') || d.text
          || ' is said to have another history of tags than was enumerated',
          e.record
        FROM eligible e JOIN digest d ON d.id = e.digest
        WHERE (SELECT group_concat(value, char(0)) FROM (SELECT DISTINCT value FROM json_each(e.history)
          ORDER BY value)) IS NOT
          CASE WHEN e.kind = 'manifest' AND EXISTS (SELECT 1 FROM manifest m WHERE m.digest = e.digest
            AND m.repository = e.repository) THEN
            (SELECT group_concat(name, char(0)) FROM (
              SELECT name FROM tag t WHERE t.digest = e.digest AND t.repository = e.repository AND NOT t.current
                ORDER BY name)) END
          AND (e.kind <> 'manifest' OR EXISTS (SELECT 1 FROM manifest m WHERE m.digest = e.digest
            AND m.repository = e.repository))""");
        findings.addAll(Finding.Kind.CONTRADICTION, """
        SELECT 'since ' || coalesce(since, 'no run') || ' it is said not to have been live', record FROM eligible
          WHERE since > ?""", expected.run().text());
        // Of a layer link, the digest itself can be live: elsewhere. Of a tag, it is no question.
        String live = expected.whole()
                ? "e.since IS NULL <> (e.kind <> 'tag' AND EXISTS (SELECT 1 FROM live l WHERE l.digest = e.digest))"
                : "e.since IS NULL AND e.kind <> 'layer'";
        findings.addAll(
                Finding.Kind.CONTRADICTION,
                "SELECT 'whether the digest itself is live is said otherwise', e.record FROM eligible e WHERE " + live);
        findings.addAll(Finding.Kind.CONTRADICTION, """
        WITH ordered AS (
          SELECT *, lag(digest) OVER w AS before, lag(place) OVER w AS place_before FROM (
            SELECT e.record, e.digest, r.topic, r.partition, r.offset,
              CASE e.kind WHEN 'tag' THEN 0 WHEN 'manifest' THEN 1 WHEN 'layer' THEN 2 ELSE 3 END AS place
            FROM eligible e JOIN record r ON r.id = e.record)
          WINDOW w AS (PARTITION BY topic, partition ORDER BY offset))
        SELECT 'what names a digest goes before the digest, and tags before all else, and this comes after it', record
        FROM ordered WHERE place < place_before AND (digest = before OR place = 0)""");
    }

    private void decided() {
        if (life.decided.isEmpty()) {
            findings.gap("the run has not decided");
            return;
        }
        var once = new OncePerPartition(topics, findings);
        var recount = new Recount(expected);
        for (int partition = 0; partition < topics.partitions(); partition++) {
            Optional<Said<Decided>> first = once.first(partition, life.decided, "has decided before");
            if (first.isEmpty()) {
                findings.gap("partition " + partition + " has not decided");
                continue;
            }
            Said<Decided> said = first.get();
            List<Said<EndOfEligible>> ends = Lifecycle.in(topic, partition, life.endsOfEligible);
            if (!ends.isEmpty()
                    && !ends.getFirst().value().checksum().equals(said.value().checksum())) {
                findings.add(
                        Finding.Kind.CONTRADICTION, "it is of other records than the last barrier in " + topic, said);
            }
            if (expected.whole()) {
                Totals totals = said.value().totals();
                recount.differences(partition, totals)
                        .forEach(what ->
                                findings.add(Finding.Kind.CONTRADICTION, "the totals don't add up: " + what, said));
            }
        }
        once.outside(life.decided);
    }
}
