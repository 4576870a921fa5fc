package dev.tidemark.policy;

import static java.util.Comparator.comparing;
import static java.util.Comparator.reverseOrder;

import dev.tidemark.policy.RepositoryPolicy.UntaggedRule;
import dev.tidemark.policy.Tag.Past;
import dev.tidemark.schemas.Digest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** Decides which of one repository's manifests without a tag stay, by its policy and by holds. */
final class UntaggedDecision {

    private final List<HoldRule> holds;
    private final UntaggedRule rule;
    private final long now;

    /** A tag that may name any manifest. */
    private final Optional<Tag> unreadable;

    /** The digests that are kept for the sake of a tag that is. */
    private final Map<Digest, Untagged.Kept> forTags = new HashMap<>();

    /** The tag that goes and names a digest. */
    private final Map<Digest, String> released = new HashMap<>();

    /** When a tag that had named a digest came to name another one. */
    private final Map<Digest, Long> replaced = new HashMap<>();

    /** @param rule null if the policy has none */
    UntaggedDecision(
            List<HoldRule> holds, UntaggedRule rule, Map<String, Tag> tags, List<TagVerdict> verdicts, long now) {
        this.holds = holds;
        this.rule = rule;
        this.now = now;
        unreadable = tags.values().stream().filter(tag -> tag.digest() == null).findFirst();
        for (TagVerdict verdict : verdicts) {
            Tag tag = tags.get(verdict.tag());
            if (verdict.kept()) {
                keepFor(tag);
            } else {
                released.putIfAbsent(tag.digest(), tag.name());
            }
        }
        if (rule != null && rule.deleteAfter() != null) {
            tags.values().forEach(this::replaced);
        }
    }

    Untagged of(Digest digest, long pushed) {
        Optional<HoldRule> hold =
                holds.stream().filter(each -> each.holds(digest)).findFirst();
        if (hold.isPresent()) {
            return new Untagged.Kept(hold.get().rule(), hold.get().why());
        }
        if (unreadable.isPresent()) {
            return new Untagged.Kept(
                    null,
                    "%s may name it, and can't be read"
                            .formatted(unreadable.get().name()));
        }
        if (forTags.containsKey(digest)) {
            return forTags.get(digest);
        }
        if (rule == null || rule.deleteAfter() == null) {
            return released.containsKey(digest)
                    ? new Untagged.Goes(null, "its tag %s goes".formatted(released.get(digest)))
                    : new Untagged.Undecided();
        }
        long moved = replaced.getOrDefault(digest, pushed);
        long since = Math.max(pushed, moved);
        String why = Times.age(moved > pushed ? "its tag moved" : "pushed", since, now, rule.deleteAfter());
        return now - since < rule.deleteAfter()
                ? new Untagged.Kept(rule.rule(), why)
                : new Untagged.Goes(rule.rule(), why);
    }

    boolean asksForHistory() {
        return rule != null;
    }

    private void keepFor(Tag tag) {
        if (tag.digest() != null) {
            forTags.putIfAbsent(tag.digest(), new Untagged.Kept(null, tag.name() + " names it"));
        }
        if (rule == null) {
            return;
        }
        String why = "one of the last %d that %s named before".formatted(rule.keepPrevious(), tag.name());
        past(tag).entrySet().stream()
                .filter(past -> !past.getKey().equals(tag.digest()))
                .sorted(comparing((Map.Entry<Digest, Long> past) -> past.getValue(), reverseOrder())
                        .thenComparing(Map.Entry::getKey))
                .limit(rule.keepPrevious())
                .forEach(past -> forTags.putIfAbsent(past.getKey(), new Untagged.Kept(rule.rule(), why)));
    }

    private void replaced(Tag tag) {
        NavigableSet<Long> pushes = new TreeSet<>();
        pushes.add(tag.pushed());
        tag.history().forEach(past -> pushes.add(past.pushed()));
        past(tag)
                .forEach((digest, pushed) -> Optional.ofNullable(pushes.higher(pushed))
                        .ifPresent(next -> replaced.merge(digest, next, Math::max)));
    }

    /** The digests that a tag has named, each with the time of its last push. */
    private static Map<Digest, Long> past(Tag tag) {
        Map<Digest, Long> past = new HashMap<>();
        for (Past each : tag.history()) {
            past.merge(each.digest(), each.pushed(), Math::max);
        }
        return past;
    }
}
