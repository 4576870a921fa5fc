package dev.tidemark.evidence.policy;

import dev.tidemark.schemas.TagsRecord.Verdict;
import java.time.Instant;
import java.util.Comparator;

/**
 * The tags of a repository that one rule of a policy, or none, decides on.
 *
 * @param policy its name; null if none is of the repository
 * @param rule null if none matched
 * @param kept how many stay
 * @param going how many go
 * @param bytes that this frees; of a blob that tags of several rules or repositories lead to, each has an equal part
 * @param oldestKept of those that stay; null if none does
 * @param newestGoing of those that go; null if none does
 */
public record TagGroup(
        String repository,
        String policy,
        String rule,
        long kept,
        long going,
        long bytes,
        Example oldestKept,
        Example newestGoing) {

    /** Those first that free the most, then those that lose the most tags. */
    static final Comparator<TagGroup> MOST = Comparator.comparingLong(TagGroup::bytes)
            .thenComparingLong(TagGroup::going)
            .reversed()
            .thenComparing(TagGroup::repository)
            .thenComparing(group -> String.valueOf(group.rule()));

    private static final Comparator<Example> OLDEST = Comparator.comparing(
                    (Example example) -> Instant.parse(example.pushed()))
            .thenComparing(Example::tag);

    /**
     * A tag that stands for others.
     *
     * @param pushed when it was pushed last, in UTC
     * @param why the policy's word on it
     */
    public record Example(String tag, String pushed, String why) {

        private static Example first(Example a, Example b, Comparator<Example> order) {
            return a == null || (b != null && order.compare(a, b) > 0) ? b : a;
        }
    }

    /** The rule, or that there is none, in words. */
    public String words() {
        if (rule != null) {
            return rule;
        }
        return policy == null ? "(no policy)" : policy + " (no rule)";
    }

    /** The group of a single tag, whose bytes are not known yet. */
    static TagGroup of(String repository, String tag, long pushed, Verdict verdict) {
        var example = new Example(tag, Instant.ofEpochMilli(pushed).toString(), verdict.why());
        return new TagGroup(
                repository,
                verdict.policy(),
                verdict.rule(),
                verdict.kept() ? 1 : 0,
                verdict.kept() ? 0 : 1,
                0,
                verdict.kept() ? example : null,
                verdict.kept() ? null : example);
    }

    /** With the tags of another group of the same rule. */
    TagGroup plus(TagGroup other) {
        return new TagGroup(
                repository,
                policy,
                rule,
                kept + other.kept,
                going + other.going,
                bytes + other.bytes,
                Example.first(oldestKept, other.oldestKept, OLDEST),
                Example.first(newestGoing, other.newestGoing, OLDEST.reversed()));
    }

    TagGroup freeing(long freed) {
        return new TagGroup(repository, policy, rule, kept, going, freed, oldestKept, newestGoing);
    }
}
