package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.policy.Policy;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.TagsRecord.Subject;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.sql.Connection;
import java.util.Optional;
import java.util.Set;

/**
 * Checks what is said of the subjects of tags of referrers: none is gone that the run has found, in the repository or
 * in the storage. That one was there once, other runs have seen, and nothing of this one proves it.
 */
final class SubjectsCheck {

    /** The storage has the digest's bytes, or a tag of the repository names it. */
    private static final String THERE = """
        SELECT EXISTS (SELECT 1 FROM blob b JOIN digest d ON d.id = b.digest WHERE d.text = ?1)
          OR EXISTS (SELECT 1 FROM tag t JOIN digest d ON d.id = t.digest JOIN repository p ON p.id = t.repository
            WHERE t.current AND d.text = ?1 AND p.name = ?2)""";

    private final Connection connection;
    private final Findings findings;
    private final Policy policy;
    private final Requested request;

    SubjectsCheck(Connection connection, Findings findings, Policy policy, Requested request) {
        this.connection = connection;
        this.findings = findings;
        this.policy = policy;
        this.request = request;
    }

    /**
     * Checks what is said of a tag's subject.
     *
     * @param manifests that the repository holds
     * @param record of the tag
     */
    void check(String repository, Tag tag, Set<Digest> manifests, long record) {
        Optional<Digest> digest = ReferrersTag.subject(tag.name());
        Subject said = tag.subject();
        if ((said != null) != (digest.isPresent() && policy.asksForSubjects(repository))) {
            differs(said == null ? "nothing is said of its subject" : "it has no subject", tag, record);
        } else if (said != null && said.gone() != null) {
            if (manifests.contains(digest.get())) {
                differs("its subject is said to be gone, and the repository has it", tag, record);
            }
            if (Sql.number(connection, THERE, digest.get().toString(), repository) > 0) {
                differs("its subject is said to be gone, and it is there", tag, record);
            }
            if (said.gone() > request.at()) {
                differs("its subject is said to be gone from a later time on", tag, record);
            }
        }
    }

    private void differs(String what, Tag tag, long record) {
        findings.add(Finding.Kind.CONTRADICTION, "the tag " + tag.name() + ": " + what, record);
    }
}
