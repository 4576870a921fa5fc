package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.audit.Lifecycle.Said;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.EligibleRecord.EndOfEligible;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.RunRecord.Swept;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.text.Counted;
import java.sql.Connection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Checks that all that was deleted was eligible, decided and let through, and was deleted once. */
final class SweepCheck {

    /** The deletions of the run, with what they are of. */
    private static final String DELETIONS =
            "FROM deletion x JOIN digest d ON d.id = x.digest LEFT JOIN repository p ON p.id = x.repository ";

    private static final String WHAT =
            "SELECT 'the ' || x.kind || ' ' || iif(x.tag = '', '', x.tag || ' of ') || d.text "
                    + "|| coalesce(' in ' || p.name, '') || ' ' || ";
    private static final String ELIGIBLE =
            "eligible e ON e.digest = x.digest AND e.kind = x.kind AND e.repository = x.repository AND e.tag = x.tag ";

    private final Connection connection;
    private final Topics topics;
    private final Lifecycle life;
    private final Retention retention;
    private final Findings findings;
    private final Expected expected;

    SweepCheck(Lifecycle life, Retention retention, Findings findings, Expected expected) {
        connection = expected.connection();
        topics = expected.topics();
        this.life = life;
        this.retention = retention;
        this.findings = findings;
        this.expected = expected;
    }

    String check() {
        leave();
        nothingLive();
        eligible();
        outcomes();
        new TagsFirstCheck(connection, topics, life, findings).check();
        approvedDryRun();
        if (!expected.options().dryRun()) {
            swept();
        } else {
            life.swept.forEach(said -> findings.add(Finding.Kind.UNEXPECTED, "a dry run is said to be swept", said));
        }
        long deleted = Sql.number(connection, "SELECT count(*) FROM deletion WHERE outcome = 'deleted'");
        long others = Sql.number(connection, "SELECT count(*) FROM deletion WHERE outcome <> 'deleted'");
        return Counted.of(deleted, "deletion")
                + ", and %,d that %s not made".formatted(others, others == 1 ? "was" : "were");
    }

    /**
     * A dry run deletes nothing; another one only what all decided together, and the circuit breaker or somebody let
     * through.
     */
    private void leave() {
        if (expected.options().dryRun()) {
            none("of a dry run");
            return;
        }
        if (life.run.isEmpty()) {
            return;
        }
        Run run = life.run.get();
        if (!run.allDecided()) {
            none("of a run that has not decided");
        } else if (run.exceedsBreaker() && !run.approved()) {
            none("of a run that the circuit breaker held, and nobody approved");
        } else if (run.contradiction().isPresent()) {
            none("of a run that does not add up");
        }
    }

    private void none(String why) {
        findings.addAll(Finding.Kind.WITHOUT_LEAVE, WHAT + "'has a deletion ' || ?, x.record " + DELETIONS, why);
    }

    private void nothingLive() {
        findings.addAll(
                Finding.Kind.LIVE, WHAT + "'was deleted, and is live (' || l.rule || ')', x.record " + DELETIONS + """
        JOIN live l ON l.digest = x.digest WHERE x.outcome = 'deleted' AND x.kind IN ('manifest', 'blob')""");
        findings.addAll(Finding.Kind.LIVE, WHAT + "'was deleted, and is live', x.record " + DELETIONS + """
        JOIN live_link k ON k.digest = x.digest AND k.repository = x.repository WHERE x.outcome = 'deleted'
          AND x.kind = 'layer'""");
        findings.addAll(Finding.Kind.LIVE, WHAT + "'was deleted, and stays', x.record " + DELETIONS + """
        JOIN tag t ON t.digest = x.digest AND t.repository = x.repository AND t.name = x.tag AND t.current
          AND t.going IS NULL WHERE x.outcome = 'deleted' AND x.kind = 'tag'""");
        findings.addAll(Finding.Kind.LIVE, WHAT + "'was deleted, and is not old enough', x.record " + DELETIONS + """
        JOIN leftover USING (digest) WHERE x.outcome = 'deleted' AND x.digest NOT IN (SELECT digest FROM abandoned)""");
    }

    private void eligible() {
        boolean whole = true;
        for (int partition = 0; partition < topics.partitions(); partition++) {
            List<Said<EndOfEligible>> ends = Lifecycle.in(expected.eligibleTopic(), partition, life.endsOfEligible);
            long there = Sql.number(
                    connection,
                    "SELECT count(*) FROM record WHERE type = 'eligible' AND topic = ? AND partition = ?",
                    expected.eligibleTopic(),
                    partition);
            whole &= !ends.isEmpty()
                    && (there >= ends.getFirst().value().records()
                            || !retention.cut(expected.eligibleTopic(), partition));
        }
        if (whole) {
            findings.addAll(
                    Finding.Kind.UNEXPECTED,
                    WHAT + "'has a deletion, and was not eligible', x.record " + DELETIONS + """
          WHERE NOT EXISTS (SELECT 1 FROM eligible e WHERE e.digest = x.digest AND e.kind = x.kind
            AND e.repository = x.repository AND e.tag = x.tag)""");
        } else if (Sql.number(connection, "SELECT count(*) FROM deletion") > 0) {
            findings.gap("not all of what was eligible is there, so that deletions can't be compared with it");
        }
        findings.addAll(Finding.Kind.REPEATED, """
        SELECT 'the ' || x.kind || ' ' || iif(x.tag = '', '', x.tag || ' of ') || d.text
          || ' was done with more than once', max(x.record) FROM deletion x JOIN digest d ON d.id = x.digest
        GROUP BY x.digest, x.kind, x.repository, x.tag HAVING count(*) > 1""");
        if (life.run
                .filter(run -> run.state() != Run.State.SWEPT && run.mayHaveSwept())
                .isPresent()) {
            cutOff();
        } else if (life.run.isPresent() && life.run.get().state() == Run.State.SWEPT) {
            for (int partition = 0; partition < topics.partitions(); partition++) {
                if (!retention.cut(topics.deletions(), partition)) {
                    findings.addAll(Finding.Kind.MISSING, """
              SELECT 'nothing says what became of the ' || e.kind || ' ' || iif(e.tag = '', '', e.tag || ' of ')
                || d.text || coalesce(' in ' || p.name, ''), e.record
              FROM eligible e JOIN record r ON r.id = e.record JOIN digest d ON d.id = e.digest
                LEFT JOIN repository p ON p.id = e.repository
              WHERE r.partition = ? AND NOT EXISTS (
                SELECT 1 FROM deletion x WHERE x.digest = e.digest AND x.kind = e.kind
                  AND x.repository = e.repository AND x.tag = e.tag)""", partition);
                }
            }
        }
    }

    /** A sweeper takes a batch of files before it records that: of what a run was at when it ended, nobody knows. */
    private void cutOff() {
        long unknown = Sql.number(connection, """
        SELECT count(*) FROM eligible e WHERE NOT EXISTS (
          SELECT 1 FROM deletion x WHERE x.digest = e.digest AND x.kind = e.kind
            AND x.repository = e.repository AND x.tag = e.tag)""");
        if (unknown > 0) {
            findings.gap(
                    "it may have taken some of %s of which there is no record: it takes a batch before it records that"
                            .formatted(Counted.of(unknown, "eligible file")));
        }
    }

    /** Checks each deletion's outcome, reason and bytes, and that no blob went while a file that names it stayed. */
    private void outcomes() {
        findings.addAll(
                Finding.Kind.CONTRADICTION,
                WHAT + "'is said to have freed ' || x.bytes || ' bytes', x.record " + DELETIONS
                        + "JOIN " + ELIGIBLE + """
                WHERE x.bytes <> CASE x.outcome WHEN 'deleted' THEN e.bytes ELSE 0 END""");
        findings.addAll(
                Finding.Kind.CONTRADICTION,
                WHAT + "'says why it was not deleted, and was', x.record " + DELETIONS + """
        WHERE (x.why IS NULL) <> (x.outcome IN ('deleted', 'already-gone'))""");
        findings.addAll(
                Finding.Kind.CONTRADICTION,
                WHAT + "'was deleted, and what names it was not', x.record " + DELETIONS + """
        WHERE x.kind = 'blob' AND x.outcome = 'deleted' AND EXISTS (
          SELECT 1 FROM deletion y WHERE y.digest = x.digest AND y.kind IN ('manifest', 'layer')
            AND y.outcome IN ('spared', 'failed'))""");
    }

    /**
     * A run that approves a dry run deletes only what that found eligible, of digests that were not live since and of
     * tags that went since.
     */
    private void approvedDryRun() {
        RunId approves = life.requested.isEmpty()
                ? null
                : life.requested.getFirst().value().approves();
        if (approves == null) {
            return;
        }
        findings.addAll(
                Finding.Kind.WITHOUT_LEAVE,
                WHAT + "'was deleted, and was live when ' || ? || ' was decided', x.record " + DELETIONS
                        + "JOIN " + ELIGIBLE + """
                WHERE x.outcome = 'deleted' AND (e.since IS NULL OR e.since > ?)""",
                approves.text(),
                approves.text());
        boolean there = life.endsOfApproved.size() == topics.partitions();
        for (int partition = 0; partition < topics.partitions() && there; partition++) {
            List<Said<EndOfEligible>> ends = Lifecycle.in(topics.eligibleDryRun(), partition, life.endsOfApproved);
            long count = Sql.number(
                    connection,
                    "SELECT count(*) FROM record WHERE type = 'approved-eligible' AND partition = ?",
                    partition);
            there = ends.size() == 1 && ends.getFirst().value().records() == count;
        }
        if (!there) {
            findings.gap("not all is there of what the dry run " + approves + " found, which this run approves");
        } else {
            findings.addAll(
                    Finding.Kind.WITHOUT_LEAVE,
                    WHAT + "'was deleted, and the dry run ' || ? || ' did not find its digest eligible', x.record "
                            + DELETIONS + """
          WHERE x.outcome = 'deleted' AND NOT EXISTS (SELECT 1 FROM approved a WHERE a.digest = x.digest
            AND a.tag = x.tag AND (x.tag = '' OR a.repository = x.repository))""",
                    approves.text());
        }
    }

    /** Compares the summary of each partition's sweep with its deletions. */
    private void swept() {
        var once = new OncePerPartition(topics, findings);
        Map<Integer, Sweep> sweeps = new HashMap<>();
        Sql.each(connection, """
        SELECT r.partition, x.kind, x.outcome, x.why, count(*), sum(x.bytes) FROM deletion x
          JOIN record r ON r.id = x.record GROUP BY 1, 2, 3, 4""", row -> {
            long count = row.getLong(5);
            String why = String.valueOf(row.getString(4));
            Sweep sweep = switch (row.getString(3)) {
                case "deleted" ->
                    new Sweep(
                            Map.of(
                                    Kind.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                                    new Tally(count, row.getLong(6))),
                            0,
                            Map.of(),
                            Map.of());
                case "already-gone" -> new Sweep(Map.of(), count, Map.of(), Map.of());
                case "spared" -> new Sweep(Map.of(), 0, Map.of(why, count), Map.of());
                default -> new Sweep(Map.of(), 0, Map.of(), Map.of(why, count));
            };
            sweeps.merge(row.getInt(1), sweep, Sweep::plus);
        });
        for (int partition = 0; partition < topics.partitions(); partition++) {
            int of = partition;
            once.first(partition, life.swept, "was swept before")
                    .ifPresent(said -> swept(of, sweeps.getOrDefault(of, Sweep.NONE), said));
        }
        once.outside(life.swept);
    }

    private void swept(int partition, Sweep counted, Said<Swept> said) {
        Swept value = said.value();
        String approvedBy = life.approved.isEmpty()
                ? null
                : life.approved.getFirst().value().by();
        // Where the beginning of the run is gone, so may be the approval.
        if (!life.requested.isEmpty()
                && !Objects.toString(value.approvedBy(), "").equals(Objects.toString(approvedBy, ""))) {
            findings.add(
                    Finding.Kind.CONTRADICTION,
                    "it went with the leave of " + value.approvedBy() + ", and the approval is by " + approvedBy,
                    said);
        }
        if (!value.sweep().equals(counted)) {
            if (retention.cut(topics.deletions(), partition)) {
                findings.gap(retention.words(topics.deletions(), partition));
                return;
            }
            findings.add(
                    Finding.Kind.CONTRADICTION,
                    "the sweep came to " + words(value.sweep()) + ", and its deletions come to " + words(counted),
                    said);
        }
        if (!value.checksum().equals(Checksums.of(connection, topics.deletions(), partition))) {
            findings.add(
                    Finding.Kind.ALTERED,
                    "the deletions of partition " + partition + " are not those that were written",
                    said);
        }
    }

    private static String words(Sweep sweep) {
        return "%,d deleted (%s), %,d gone already, %,d spared, %,d failed"
                .formatted(
                        sweep.deletions(),
                        Counted.of(sweep.bytesFreed(), "byte"),
                        sweep.alreadyGone(),
                        sweep.spared().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        sweep.failures());
    }
}
