package dev.tidemark.evidence.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tidemark.evidence.index.Insert;
import dev.tidemark.evidence.index.RecordedTags;
import dev.tidemark.evidence.index.RecordedTags.Repository;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.policy.Policy;
import dev.tidemark.policy.RepositoryVerdict;
import dev.tidemark.policy.TagVerdict;
import dev.tidemark.policy.Untagged;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.Holds;
import dev.tidemark.schemas.JsonSerde;
import dev.tidemark.schemas.PolicyText;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.TagsRecord.Tag;
import dev.tidemark.schemas.TagsRecord.Verdict;
import dev.tidemark.schemas.WorkDoneRecord;
import dev.tidemark.schemas.WorkLedger;
import dev.tidemark.schemas.text.Counted;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Writes the words of a policy into an index: on each tag, and on each manifest that no tag names which stays. Where
 * the records don't tell what the policy asks for, it says nothing, and so nothing goes.
 */
final class PolicyWords {

    private final Connection index;
    private final Requested request;
    /** The run's own policy: the records of its tags tell what it has asked for. */
    private final Optional<Policy> own;
    /** Digests that are held wherever they are. The tags of a run without a policy don't say so. */
    private final Map<Digest, Hold> held;
    /** From when on every pull was known, in ms since the epoch; null if nobody collected them. */
    private final Long pullsSince;

    private long incomplete;
    private long withoutPast;
    private long withoutSubjects;

    PolicyWords(Connection index, Requested request) {
        this.index = index;
        this.request = request;
        own = Optional.ofNullable(request.policy()).map(text -> Policy.parse(text.text()));
        WorkLedger work = planned(index);
        held = new Holds(work.holds()).anywhere();
        pullsSince = work.pullsSince();
    }

    /** The run's own plan, without what was done of it. */
    private static WorkLedger planned(Connection index) {
        var work = new WorkLedger();
        Sql.each(index, "SELECT json FROM life WHERE type = 'planned' ORDER BY record", row -> {
            try {
                work.add(JsonSerde.MAPPER.readValue(row.getString(1), WorkDoneRecord.class));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("what the index holds was read before: " + row.getString(1), e);
            }
        });
        return work;
    }

    /** Takes out what the run's own policy has said. */
    void forget() {
        Sql.runAll(
                index,
                List.of(
                        "UPDATE tagged SET kept = NULL, policy = NULL, rule = NULL, why = NULL, until = NULL "
                                + "WHERE kept IS NOT NULL",
                        "UPDATE tag SET going = NULL WHERE going IS NOT NULL",
                        "UPDATE manifest SET let_go = 0 WHERE let_go"));
        Sql.run(index, "UPDATE manifest SET pinned = NULL WHERE pinned GLOB ?", PolicyText.KEEPS + "*");
    }

    /** Writes what a policy says. Of one repository after the other all tags are in memory. */
    void say(Policy policy) {
        Sql.runAll(
                index,
                List.of(
                        "CREATE TEMP TABLE word (digest INTEGER NOT NULL, repository INTEGER NOT NULL, "
                                + "goes INTEGER NOT NULL, pin TEXT, PRIMARY KEY (digest, repository)) WITHOUT ROWID",
                        "CREATE INDEX manifest_in ON manifest (repository)"));
        var tagged = new Insert(
                index,
                "UPDATE tagged SET kept = ?, policy = ?, rule = ?, why = ?, until = ? WHERE repository = ? "
                        + "AND name = ?");
        var word = new Insert(index, "INSERT INTO temp.word VALUES (?, ?, ?, ?)");
        List<Repository> whole = RecordedTags.repositories(index).stream()
                .filter(Repository::whole)
                .toList();
        whole.forEach(repository -> say(policy, repository, tagged, word));
        keepOthers(whole);
        Sql.runAll(index, List.of("DROP INDEX manifest_in", """
            UPDATE tag SET going = g.pushed FROM tagged g
            WHERE g.repository = tag.repository AND g.name = tag.name AND g.digest = tag.digest AND tag.current
              AND g.kept = 0""", LET_GO, """
            UPDATE manifest SET pinned = w.pin FROM temp.word w
            WHERE w.digest = manifest.digest AND w.repository = manifest.repository AND w.pin IS NOT NULL
              AND manifest.pinned IS NULL AND NOT manifest.dangling""", "DROP TABLE temp.word"));
    }

    /** Where it is not known what the policy would say, no manifest goes by the run's options either. */
    private void keepOthers(List<Repository> whole) {
        Set<Long> ids = whole.stream().map(Repository::id).collect(Collectors.toSet());
        var pin = new Insert(
                index, "UPDATE manifest SET pinned = ? WHERE repository = ? AND pinned IS NULL AND NOT dangling");
        List<Long> others = new ArrayList<>();
        Sql.each(index, "SELECT id FROM repository", row -> others.add(row.getLong(1)));
        others.removeAll(ids);
        others.forEach(repository -> pin.of(PolicyText.keeps(null, "its tags are not all recorded"), repository));
        incomplete = others.size();
    }

    /** The manifests that go, with the images of an index that goes and what refers to one of them. */
    private static final String LET_GO = """
        WITH RECURSIVE gone (digest, repository) AS (
          SELECT digest, repository FROM temp.word WHERE goes
          UNION
          SELECT w.digest, w.repository FROM gone g
            JOIN reference r ON r.parent = g.digest AND r.repository = g.repository AND NOT r.optional
            JOIN temp.word w ON w.digest = r.child AND w.repository = r.repository AND w.pin IS NULL
          UNION
          SELECT w.digest, w.repository FROM gone g
            JOIN manifest m ON m.subject = g.digest AND m.repository = g.repository
            JOIN temp.word w ON w.digest = m.digest AND w.repository = m.repository AND w.pin IS NULL)
        UPDATE manifest SET let_go = 1 WHERE (digest, repository) IN (SELECT digest, repository FROM gone)""";

    private void say(Policy policy, Repository repository, Insert tagged, Insert word) {
        List<Tag> tags = RecordedTags.of(index, repository.id()).stream()
                .map(RecordedTags.Row::tag)
                .sorted(Comparator.comparing(Tag::name))
                .toList();
        RepositoryVerdict verdict = policy.decide(
                repository.name(),
                tags.stream().map(this::held).map(dev.tidemark.policy.Tag::of).toList(),
                request.at(),
                pullsSince);
        if (policy.asksForSubjects(repository.name())
                && own.filter(each -> each.asksForSubjects(repository.name())).isEmpty()
                && tags.stream().anyMatch(tag -> ReferrersTag.is(tag.name()))) {
            withoutSubjects++;
        }
        Set<Digest> named = new HashSet<>();
        for (int i = 0; i < tags.size(); i++) {
            TagVerdict of = verdict.tags().get(i);
            Verdict said = of.recorded(verdict.policy());
            tagged.of(said.kept(), said.policy(), said.rule(), said.why(), said.until(), repository.id(), of.tag());
            if (said.kept()) {
                named.add(tags.get(i).digest());
            }
        }
        boolean told = request.deletesManifests() || !verdict.asksForHistory();
        if (!told) {
            withoutPast++;
        }
        Sql.each(
                index,
                "SELECT m.digest, d.text, m.modified FROM manifest m JOIN digest d ON d.id = m.digest "
                        + "WHERE m.repository = ?",
                row -> {
                    Digest digest = Digest.parse(row.getString(2));
                    if (!named.contains(digest)) {
                        Untagged untagged = told ? verdict.untagged(digest, row.getLong(3)) : new Untagged.Undecided();
                        word.of(
                                row.getLong(1),
                                repository.id(),
                                untagged instanceof Untagged.Goes,
                                untagged instanceof Untagged.Kept kept
                                        ? PolicyText.keeps(kept.rule(), kept.why())
                                        : null);
                    }
                },
                repository.id());
    }

    private Tag held(Tag tag) {
        if (held.isEmpty() || tag.held() != null) {
            return tag;
        }
        Optional<String> why = Optional.ofNullable(held.get(tag.digest()))
                .map(Hold::words)
                .or(() -> ReferrersTag.subject(tag.name())
                        .map(held::get)
                        .map(hold -> "what it refers to is " + hold.words()));
        return why.isEmpty() ? tag : tag.with(tag.pulled(), why.get(), tag.subject(), tag.verdict());
    }

    /** The gaps in the records, and what follows from each, in words. */
    List<String> caution() {
        List<String> caution = new ArrayList<>();
        if (incomplete > 0) {
            caution.add("the topics have not all tags of " + repositories(incomplete) + ": all there is kept");
        }
        if (withoutPast > 0) {
            caution.add("the run has not recorded what tags have named before, as it could delete no manifest: in "
                    + repositories(withoutPast) + ", the policy's rule for manifests without a tag is left out, and "
                    + "these are kept");
        }
        if (withoutSubjects > 0) {
            caution.add("the run has not recorded which images of signatures are gone: in "
                    + repositories(withoutSubjects) + ", the tags of referrers are kept");
        }
        return caution;
    }

    private static String repositories(long count) {
        return Counted.of(count, "repository");
    }
}
