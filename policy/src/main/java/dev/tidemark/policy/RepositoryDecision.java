package dev.tidemark.policy;

import static dev.tidemark.policy.TagVerdict.goes;
import static dev.tidemark.policy.TagVerdict.kept;

import dev.tidemark.policy.Conditions.Place;
import dev.tidemark.policy.TagRule.Newest;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.ReferrersTag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Decides which tags of one repository stay, by its policy and by holds. */
final class RepositoryDecision {

    private final List<HoldRule> holds;
    private final RepositoryPolicy policy;
    private final AsOf asOf;
    private final Map<Group, List<Tag>> groups = new HashMap<>();
    private final Map<String, TagVerdict> verdicts = new TreeMap<>();

    /**
     * The tags that are counted together: those of a rule, or those of them whose names have the same text in a group.
     */
    private record Group(TagRule rule, Conditions conditions, String text) {}

    /**
     * @param holds those for the repository
     * @param policy the one for the repository; null if there is none
     */
    RepositoryDecision(List<HoldRule> holds, RepositoryPolicy policy, AsOf asOf) {
        this.holds = holds;
        this.policy = policy;
        this.asOf = asOf;
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
                ? new RepositoryVerdict(null, all, new UntaggedDecision(holds, null, byName, all, asOf.now()))
                : new RepositoryVerdict(
                        policy.name(), all, new UntaggedDecision(holds, policy.untagged(), byName, all, asOf.now()));
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
            when !conditions.counts() ->
                verdicts.put(tag.name(), conditions.verdict(tag, rule.rule(), Place.NONE, "", asOf));
            case Conditions conditions -> count(tag, rule, conditions);
        }
    }

    /** The verdict on a tag that no rule for tags decides on; empty if one does. */
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
                .orElseGet(() -> policy.referrers().verdict(tag, asOf.now()));
    }

    private void count(Tag tag, TagRule rule, Conditions conditions) {
        Newest newest = conditions.newest();
        Optional<String> text = conditions.group() == 0
                ? Optional.of("")
                : rule.match().first(tag.name()).flatMap(pattern -> pattern.group(tag.name(), conditions.group()));
        if (newest != null && !newest.by().compares(tag)) {
            verdicts.put(tag.name(), kept(tag.name(), rule.rule(), "no semantic version, so it can't be compared"));
        } else if (text.isEmpty()) {
            verdicts.put(
                    tag.name(),
                    kept(tag.name(), rule.rule(), "capture group %d has no part in it".formatted(conditions.group())));
        } else {
            groups.computeIfAbsent(new Group(rule, conditions, text.get()), group -> new ArrayList<>())
                    .add(tag);
        }
    }

    private void rank(Group group, List<Tag> tags) {
        Conditions conditions = group.conditions();
        String words = conditions.group() == 0 ? "" : " of '" + group.text() + "'";
        List<Tag> newest = conditions.newest() == null
                ? List.of()
                : conditions.newest().by().newestFirst(tags);
        List<Tag> pulled = conditions.newestPulled() == null ? List.of() : Order.lastUsedFirst(tags);
        Map<String, Integer> places = places(newest);
        Map<String, Integer> pulledPlaces = places(pulled);
        int known = (int) pulled.stream().filter(asOf::knowsTheLastPull).count();
        for (Tag tag : tags) {
            Place place =
                    new Place(places.getOrDefault(tag.name(), 0), pulledPlaces.getOrDefault(tag.name(), 0), known);
            verdicts.put(tag.name(), conditions.verdict(tag, group.rule().rule(), place, words, asOf));
        }
    }

    /** From 1, by name. */
    private static Map<String, Integer> places(List<Tag> tags) {
        Map<String, Integer> places = new HashMap<>();
        tags.forEach(tag -> places.put(tag.name(), places.size() + 1));
        return places;
    }
}
