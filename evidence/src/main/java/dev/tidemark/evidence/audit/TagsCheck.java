package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.RecordedTags;
import dev.tidemark.evidence.index.RecordedTags.Repository;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.policy.InvalidPolicyException;
import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.Topics;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.text.Counted;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that the tags of each repository are all there as they were written, that the records of its manifests have
 * the same tags, and that the policy says of them what is said.
 */
final class TagsCheck {

    private final Connection connection;
    private final Topics topics;
    private final Lifecycle life;
    private final Retention retention;
    private final Findings findings;
    private final Optional<WorkLedger> work;
    private final boolean enumerated;

    /** Of a repository's record in {@code work.done}: its tags, by number. */
    private record Done(long unreadable, long orphans, long staying, long record) {}

    /**
     * @param work the run's own plan, and the work on it; empty if it is not there
     * @param enumerated whether all records of manifests are there
     */
    TagsCheck(
            Connection connection,
            Topics topics,
            Lifecycle life,
            Retention retention,
            Findings findings,
            Optional<WorkLedger> work,
            boolean enumerated) {
        this.connection = connection;
        this.topics = topics;
        this.life = life;
        this.retention = retention;
        this.findings = findings;
        this.work = work;
        this.enumerated = enumerated;
    }

    String check() {
        List<Repository> whole = whole();
        counted(whole);
        manifests();
        if (life.requested.isEmpty()) {
            findings.gap("nobody knows whether the run had a policy");
        } else {
            Requested request = life.requested.getFirst().value();
            if (request.policy() == null) {
                none();
            } else {
                decide(request, request.policy(), whole);
            }
        }
        return "%s, of which %,d go"
                .formatted(
                        Counted.of(Sql.number(connection, "SELECT count(*) FROM tagged"), "tag"),
                        Sql.number(connection, "SELECT count(*) FROM tagged WHERE kept = 0"));
    }

    /** The repositories whose tags are those that were written: each has the sum of their checksums. */
    private List<Repository> whole() {
        boolean cut = retention.cut(topics.tags(), 0);
        List<Repository> whole = new ArrayList<>();
        for (Repository repository : RecordedTags.repositories(connection)) {
            if (repository.whole()) {
                whole.add(repository);
            } else if (cut) {
                findings.gap(retention.words(topics.tags(), 0));
            } else {
                findings.addAll(
                        Finding.Kind.ALTERED,
                        "SELECT 'the tags of ' || name || ' are not those that were written', record FROM repository "
                                + "WHERE id = ?",
                        repository.id());
            }
        }
        if (!retention.partitions(topics.repositories()).containsValue(true)) {
            findings.addAll(Finding.Kind.UNEXPECTED, """
            SELECT 'nothing else is said of the repository ' || p.name || ' that is said to have these tags', k.record
            FROM tag_pack k JOIN repository p ON p.id = k.repository WHERE p.record IS NULL""");
        }
        Sql.runAll(connection, List.of("DROP TABLE IF EXISTS temp.whole_tags", """
            CREATE TEMP TABLE whole_tags (repository INTEGER PRIMARY KEY)"""));
        whole.forEach(each -> Sql.run(connection, "INSERT INTO temp.whole_tags VALUES (?)", each.id()));
        return whole;
    }

    /** Tags that can't be read have no record, and each is a problem that its reader has counted. */
    private void counted(List<Repository> whole) {
        Map<String, Done> done = new HashMap<>();
        Sql.each(
                connection,
                "SELECT json_extract(json, '$.repository'), json_extract(json, '$.problems.UNREADABLE_TAG'), "
                        + "json_extract(json, '$.orphans'), json_extract(json, '$.staying'), record FROM life "
                        + "WHERE type = 'done' AND json_extract(json, '$.repository') IS NOT NULL",
                row -> done.put(
                        row.getString(1), new Done(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5))));
        for (Repository each : whole) {
            if (done.containsKey(each.name())) {
                images(each, done.get(each.name()));
                findings.addAll(
                        Finding.Kind.CONTRADICTION,
                        """
                WITH there AS (SELECT count(*) + ?2 AS tags, coalesce(sum(kept = 0), 0) AS going FROM tagged
                  WHERE repository = ?1)
                SELECT 'the repository ' || p.name || ' is said to have ' || p.tags || ' tags, of which ' || p.going
                  || ' go, and has ' || t.tags || ', of which ' || t.going || ' do', p.record
                FROM repository p, there t
                WHERE p.id = ?1 AND (p.tags, p.going) <> (t.tags, t.going)""",
                        each.id(),
                        done.get(each.name()).unreadable());
            }
        }
    }

    /** Whether a repository would lose all its images is told by how many tags of either kind there are. */
    private void images(Repository repository, Done done) {
        long[] orphans = {0};
        long[] staying = {0};
        Sql.each(
                connection,
                "SELECT g.name, g.kept = 0, EXISTS (SELECT 1 FROM manifest m WHERE m.digest = g.digest "
                        + "AND m.repository = g.repository AND NOT m.dangling) FROM tagged g WHERE g.repository = ?",
                row -> {
                    boolean goes = row.getBoolean(2);
                    boolean ofReferrers = ReferrersTag.is(row.getString(1));
                    orphans[0] += goes && ofReferrers ? 1 : 0;
                    staying[0] += !goes && !ofReferrers && row.getBoolean(3) ? 1 : 0;
                },
                repository.id());
        if (orphans[0] != done.orphans() || (enumerated && staying[0] != done.staying())) {
            findings.add(
                    Finding.Kind.CONTRADICTION,
                    ("the repository %s is said to lose %d tags of referrers and to keep %d images, and it loses %d "
                                    + "and keeps %d")
                            .formatted(repository.name(), done.orphans(), done.staying(), orphans[0], staying[0]),
                    done.record());
        }
    }

    /** A manifest's record has the tags that name it, and those that have named it. */
    private void manifests() {
        String of = " FROM tag t JOIN temp.whole_tags w ON w.repository = t.repository JOIN manifest m ON "
                + "m.digest = t.digest AND m.repository = t.repository LEFT JOIN tagged g ON g.repository = "
                + "t.repository AND g.name = t.name AND g.digest = t.digest WHERE t.current AND ";
        findings.addAll(
                Finding.Kind.CONTRADICTION,
                "SELECT 'it is said to be named by ' || t.name || ', and the tags say otherwise', m.record" + of
                        + "g.name IS NULL");
        findings.addAll(
                Finding.Kind.CONTRADICTION,
                "SELECT 'whether ' || t.name || ' goes, and when it was pushed, the tags say otherwise', m.record" + of
                        + "g.name IS NOT NULL AND t.going IS NOT iif(g.kept = 0, g.pushed, NULL)");
        findings.addAll(Finding.Kind.CONTRADICTION, """
        SELECT 'the tag ' || g.name || ' names a manifest whose record does not have it', g.record FROM tagged g
          JOIN temp.whole_tags w ON w.repository = g.repository
          JOIN manifest m ON m.digest = g.digest AND m.repository = g.repository
        WHERE NOT EXISTS (SELECT 1 FROM tag t WHERE t.repository = g.repository AND t.name = g.name AND t.current
          AND t.digest = g.digest)""");
    }

    /** Without a policy nothing goes by it. */
    private void none() {
        findings.addAll(
                Finding.Kind.UNEXPECTED,
                "SELECT 'there is no policy, and it has a word on ' || name, record FROM tagged "
                        + "WHERE kept IS NOT NULL");
        findings.addAll(
                Finding.Kind.UNEXPECTED,
                "SELECT 'there is no policy, and it is said to let a manifest go', record FROM manifest WHERE let_go");
        findings.addAll(
                Finding.Kind.UNEXPECTED,
                "SELECT DISTINCT 'there is no policy, and it is said to keep a manifest', record FROM manifest "
                        + "WHERE pinned GLOB ?",
                PolicyText.KEEPS + "*");
    }

    private void decide(Requested request, PolicyText text, List<Repository> whole) {
        Policy policy;
        try {
            policy = Policy.parse(text.text());
        } catch (InvalidPolicyException e) {
            findings.add(
                    Finding.Kind.CONTRADICTION, "its policy is none: " + e.getMessage(), life.requested.getFirst());
            return;
        }
        if (work.isEmpty() && policy.asksForPulls()) {
            findings.gap("nobody knows from when on pulls were known");
            return;
        }
        Long pullsSince = work.map(WorkLedger::pullsSince).orElse(null);
        var verdicts = new VerdictsCheck(connection, findings, policy, request, pullsSince, enumerated);
        whole.forEach(each -> verdicts.check(each.id(), each.name()));
    }
}
