package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.RecordedTags;
import dev.tidemark.evidence.index.RecordedTags.Row;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.policy.Policy;
import dev.tidemark.policy.RepositoryVerdict;
import dev.tidemark.policy.Untagged;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.TagsRecord.Past;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.TagsRecord.Verdict;
import dev.tidemark.storage.layout.Layout;
import java.sql.Connection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Applies the run's policy once more to the tags as they were recorded, and compares what it says of each, and of each
 * manifest that no tag names, with what is said. Only whatever is kept on other grounds than the policy's may differ.
 */
final class VerdictsCheck {

    private final Connection connection;
    private final Findings findings;
    private final Policy policy;
    private final Requested request;
    private final Long pullsSince;
    private final boolean enumerated;
    private final SubjectsCheck subjects;

    /**
     * @param pullsSince from when on every pull was known, in ms since the epoch; null if nobody collected them
     * @param enumerated whether all records of manifests are there
     */
    VerdictsCheck(
            Connection connection,
            Findings findings,
            Policy policy,
            Requested request,
            Long pullsSince,
            boolean enumerated) {
        this.connection = connection;
        this.findings = findings;
        this.policy = policy;
        this.request = request;
        this.pullsSince = pullsSince;
        this.enumerated = enumerated;
        subjects = new SubjectsCheck(connection, findings, policy, request);
        Sql.runAll(
                connection,
                List.of("DROP TABLE IF EXISTS temp.judged", """
            CREATE TEMP TABLE judged AS
              SELECT m.repository, d.text AS digest, m.modified, m.pinned, m.let_go, m.dangling, m.record,
                (SELECT json_group_array(t.name) FROM tag t WHERE t.digest = m.digest AND t.repository = m.repository
                  AND NOT t.current) AS history,
                EXISTS (SELECT 1 FROM reference r JOIN manifest p ON p.digest = r.parent AND p.repository = r.repository
                  WHERE r.child = m.digest AND r.repository = m.repository AND p.let_go)
                  OR EXISTS (SELECT 1 FROM manifest s WHERE s.digest = m.subject AND s.repository = m.repository
                  AND s.let_go) AS with_another
              FROM manifest m
              JOIN digest d ON d.id = m.digest""", "CREATE INDEX temp.judged_in ON judged (repository)"));
    }

    private record Manifest(
            long modified,
            String pinned,
            boolean letGo,
            boolean dangling,
            String history,
            boolean withAnother,
            long record) {

        /** Whether it is kept on other grounds than the policy's. */
        boolean otherwiseKept() {
            return pinned != null && !PolicyText.isKept(pinned);
        }
    }

    /** Checks a repository whose tags are all there. */
    void check(long repository, String name) {
        List<Row> tags = RecordedTags.of(connection, repository);
        Map<Digest, Manifest> manifests = manifests(repository);
        RepositoryVerdict verdict = policy.decide(
                name,
                tags.stream()
                        .map(said -> dev.tidemark.policy.Tag.of(said.tag()))
                        .toList(),
                request.at(),
                pullsSince);
        Map<String, Verdict> byTag = new HashMap<>();
        verdict.tags().forEach(each -> byTag.put(each.tag(), each.recorded(verdict.policy())));
        Set<Digest> named = new HashSet<>();
        for (Row said : tags) {
            Verdict again = byTag.get(said.tag().name());
            if (again.kept()) {
                named.add(said.tag().digest());
            }
            if (!again.equals(said.tag().verdict())) {
                differs(
                        "the tag " + said.tag().name() + ": the policy says that it " + words(again)
                                + ", and it is said that it " + words(said.tag().verdict()),
                        said.record());
            }
            held(said, manifests.get(said.tag().digest()));
            subjects.check(name, said.tag(), manifests.keySet(), said.record());
            history(said.tag(), manifests);
        }
        manifests.forEach((digest, manifest) -> {
            if (!manifest.dangling()) {
                Untagged untagged = named.contains(digest)
                        ? new Untagged.Undecided()
                        : verdict.untagged(digest, manifest.modified());
                untagged(digest, manifest, untagged);
            }
        });
    }

    private static String words(Verdict verdict) {
        return verdict == null
                ? "has no verdict"
                : "%s by %s: %s until %s"
                        .formatted(verdict.kept() ? "stays" : "goes", verdict.rule(), verdict.why(), verdict.until());
    }

    /** Nothing may go that can't be understood, is held or was pushed just now. */
    private void held(Row said, Manifest manifest) {
        Tag tag = said.tag();
        if (tag.held() != null || (manifest == null && !enumerated)) {
            return;
        }
        String why = manifest == null || manifest.dangling()
                ? "what it names is not there"
                : Hold.isHold(manifest.pinned())
                        ? "what it names is " + manifest.pinned()
                        : request.options().young(tag.pushed())
                                ? "it was pushed just now"
                                : Layout.validTag(tag.name()) ? null : "its name is not valid";
        if (why != null) {
            differs("the tag " + tag.name() + " is left to the policy, and " + why, said.record());
        }
    }

    private void history(Tag tag, Map<Digest, Manifest> manifests) {
        for (Past past : tag.history()) {
            Manifest manifest = manifests.get(past.digest());
            if (manifest != null
                    && Layout.validTag(tag.name())
                    && !manifest.history().contains('"' + tag.name() + '"')) {
                differs("the tag " + tag.name() + " has named it, and its record does not say so", manifest.record());
            }
        }
    }

    private void untagged(Digest digest, Manifest manifest, Untagged untagged) {
        boolean letGo = untagged instanceof Untagged.Goes;
        String pin = untagged instanceof Untagged.Kept kept ? PolicyText.keeps(kept.rule(), kept.why()) : null;
        // The images of an index that goes, and what refers to one of them, go too, if the policy does not say more.
        boolean may = letGo || (untagged instanceof Untagged.Undecided && manifest.withAnother());
        boolean said = manifest.letGo();
        if (said ? !may : letGo && !manifest.otherwiseKept()) {
            differs(
                    "the policy %s the manifest %s, and it is said otherwise"
                            .formatted(letGo ? "lets go" : "does not let go", digest),
                    manifest.record());
        }
        if (!Objects.equals(pin, manifest.pinned())
                && (pin != null || PolicyText.isKept(manifest.pinned()))
                && !manifest.otherwiseKept()) {
            differs(
                    "the manifest %s: %s, and it is said: %s"
                            .formatted(
                                    digest,
                                    Objects.requireNonNullElse(pin, "the policy does not keep it"),
                                    Objects.requireNonNullElse(manifest.pinned(), "nothing")),
                    manifest.record());
        }
    }

    private Map<Digest, Manifest> manifests(long repository) {
        Map<Digest, Manifest> manifests = new HashMap<>();
        Sql.each(
                connection,
                "SELECT digest, modified, pinned, let_go, dangling, history, with_another, record FROM temp.judged "
                        + "WHERE repository = ?",
                row -> manifests.put(
                        Digest.parse(row.getString("digest")),
                        new Manifest(
                                row.getLong("modified"),
                                row.getString("pinned"),
                                row.getBoolean("let_go"),
                                row.getBoolean("dangling"),
                                row.getString("history"),
                                row.getBoolean("with_another"),
                                row.getLong("record"))),
                repository);
        return manifests;
    }

    private void differs(String what, long record) {
        findings.add(Finding.Kind.CONTRADICTION, what, record);
    }
}
