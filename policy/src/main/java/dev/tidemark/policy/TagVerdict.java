package dev.tidemark.policy;

import dev.tidemark.schemas.TagsRecord;

/**
 * The verdict of a policy on a tag: whether it stays, and why.
 *
 * @param kept whether it stays
 * @param rule the rule that says so, with its line in the file: {@code products, line 9: main-*}; null if no rule does
 * @param why in words: {@code newest 4 of 10}
 * @param until when the time is over for which it is kept, in ms since the epoch; null if it is kept for another reason
 *     as well, or goes
 */
public record TagVerdict(String tag, boolean kept, String rule, String why, Long until) {

    /**
     * As it is recorded.
     *
     * @param policy of the repository; null if none is
     */
    public TagsRecord.Verdict recorded(String policy) {
        return new TagsRecord.Verdict(kept, policy, rule, why, until);
    }

    static TagVerdict kept(String tag, String rule, String why) {
        return new TagVerdict(tag, true, rule, why, null);
    }

    static TagVerdict goes(String tag, String rule, String why) {
        return new TagVerdict(tag, false, rule, why, null);
    }
}
