package dev.tidemark.policy;

import static dev.tidemark.policy.TagVerdict.goes;
import static dev.tidemark.policy.TagVerdict.kept;

import dev.tidemark.policy.TagRule.Newest;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.ReferrersTag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What becomes of the tags of one repository. */
final class RepositoryDecision {

    private final List<HoldRule> holds;
    private final RepositoryPolicy policy;
    private final long now;
    private final Map<Group, List<Tag>> groups = new HashMap<>();
    private final Map<String, TagVerdict> verdicts = new TreeMap<>();

    /** What counts together: the tags of a rule, or those of them whose names have the same text in a group. */
    private record Group(TagRule rule, Conditions conditions, String text) {}

    /**
     * @param holds those for the repository
     * @param policy the one for the repository; null if there is none
     */
    RepositoryDecision(List<HoldRule> holds, RepositoryPolicy policy, long now) {
        this.holds = holds;
        this.policy = policy;
        this.now = now;
    }

    RepositoryVerdict of(List<Tag> tags) {
        Map<String, Tag> byName = new TreeMap<>();
        for (Tag tag : tags) {
            if (byName.put(tag.name(), tag) != null) {
                throw new IllegalArgumentException("two tags are named " + tag.name());
            }
        }
        byName.values().forEach(this::decide);
        groups.forEach(this::rank);
        List<TagVerdict> all = List.copyOf(verdicts.values());
        return policy == null
                ? new RepositoryVerdict(null, all, new UntaggedDecision(holds, null, byName, all, now))
                : new RepositoryVerdict(
                        policy.name(), all, new UntaggedDecision(holds, policy.untagged(), byName, all, now));
    }

    private void decide(Tag tag) {
        Optional<TagVerdict> spared = spared(tag);
        if (spared.isPresent()) {
            verdicts.put(tag.name(), spared.get());
            return;
        }
        TagRule rule = policy.ruleFor(tag.name());
        switch (rule.keep()) {
            case TagRule.All all -> verdicts.put(tag.name(), kept(tag.name(), rule.rule(), all.why()));
            case TagRule.None none -> verdicts.put(tag.name(), goes(tag.name(), rule.rule(), none.why()));
            case Conditions conditions
            when conditions.newest() == null ->
                verdicts.put(tag.name(), conditions.verdict(tag, rule.rule(), 0, "", now));
            case Conditions conditions -> count(tag, rule, conditions);
        }
    }

    /** Whatever a rule would say. */
    private Optional<TagVerdict> spared(Tag tag) {
        Optional<HoldRule> hold = holds.stream().filter(each -> each.holds(tag)).findFirst();
        if (hold.isPresent()) {
            return hold.map(each -> kept(tag.name(), each.rule(), each.why()));
        }
        if (tag.held() != null) {
            return Optional.of(kept(tag.name(), null, tag.held()));
        }
        if (tag.digest() == null) {
            return Optional.of(kept(tag.name(), null, "what it names can't be read"));
        }
        if (ReferrersTag.is(tag.name())) {
            return Optional.of(referrers(tag, ReferrersTag.subject(tag.name())));
        }
        return policy == null
                ? Optional.of(kept(tag.name(), null, "no policy is for this repository"))
                : Optional.empty();
    }

    /** @param subject empty if the tag's name has not all of it */
    private TagVerdict referrers(Tag tag, Optional<Digest> subject) {
        if (policy == null || policy.referrers() == null) {
            return kept(tag.name(), null, ReferrersRule.STAYS);
        }
        return holds.stream()
                .filter(each -> subject.filter(each::holds).isPresent())
                .findFirst()
                .map(each -> kept(tag.name(), each.rule(), "what it refers to is " + each.why()))
                .orElseGet(() -> policy.referrers().verdict(tag, now));
    }

    private void count(Tag tag, TagRule rule, Conditions conditions) {
        Newest newest = conditions.newest();
        Optional<String> text = newest.group() == 0
                ? Optional.of("")
                : rule.match().first(tag.name()).flatMap(pattern -> pattern.group(tag.name(), newest.group()));
        if (!newest.by().compares(tag)) {
            verdicts.put(tag.name(), kept(tag.name(), rule.rule(), "no semantic version, so it can't be compared"));
        } else if (text.isEmpty()) {
            verdicts.put(
                    tag.name(),
                    kept(tag.name(), rule.rule(), "capture group %d has no part in it".formatted(newest.group())));
        } else {
            groups.computeIfAbsent(new Group(rule, conditions, text.get()), group -> new ArrayList<>())
                    .add(tag);
        }
    }

    private void rank(Group group, List<Tag> tags) {
        String words = group.conditions().newest().group() == 0 ? "" : " of '" + group.text() + "'";
        int rank = 0;
        for (Tag tag : group.conditions().newest().by().newestFirst(tags)) {
            rank++;
            verdicts.put(
                    tag.name(), group.conditions().verdict(tag, group.rule().rule(), rank, words, now));
        }
    }
}
