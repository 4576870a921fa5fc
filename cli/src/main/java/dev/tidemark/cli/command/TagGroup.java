package dev.tidemark.cli.command;

import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.time.Instant;
import java.util.Comparator;

/**
 * The tags of a repository that one rule of a policy, or none, decides on.
 *
 * @param policy its name; null if none is of the repository
 * @param rule null if none matched
 * @param kept how many stay
 * @param going how many go
 * @param freed bytes that those free which go; what several groups free is shared among them evenly
 * @param alone the bytes of it that no other group frees
 * @param oldestKept of those that stay; null if none does
 * @param newestGoing of those that go; null if none does
 */
record TagGroup(
        String repository,
        String policy,
        String rule,
        long kept,
        long going,
        long freed,
        long alone,
        Example oldestKept,
        Example newestGoing) {

    /**
     * A tag that stands for others.
     *
     * @param pushed when it was pushed last, in UTC
     * @param why the policy's word on it
     */
    record Example(String tag, String pushed, String why) {

        private static Example of(Tag tag) {
            return new Example(
                    tag.name(),
                    Instant.ofEpochMilli(tag.pushed()).toString(),
                    tag.verdict().why());
        }

        private static Example first(Example a, Example b, Comparator<Example> order) {
            return a == null || (b != null && order.compare(a, b) > 0) ? b : a;
        }
    }

    private static final Comparator<Example> OLDEST = Comparator.comparing(
                    (Example example) -> Instant.parse(example.pushed()))
            .thenComparing(Example::tag);

    /** The group of a single tag. */
    static TagGroup of(String repository, Tag tag) {
        TagsRecord.Verdict verdict = tag.verdict();
        Example example = Example.of(tag);
        return new TagGroup(
                repository,
                verdict.policy(),
                verdict.rule(),
                verdict.kept() ? 1 : 0,
                verdict.kept() ? 0 : 1,
                0,
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
                freed + other.freed,
                alone + other.alone,
                Example.first(oldestKept, other.oldestKept, OLDEST),
                Example.first(newestGoing, other.newestGoing, OLDEST.reversed()));
    }

    /** With what it frees. */
    TagGroup freeing(FreedBytes.Share share) {
        return new TagGroup(
                repository, policy, rule, kept, going, share.freed(), share.alone(), oldestKept, newestGoing);
    }
}
