package dev.tidemark.policy;

/**
 * A rule for some tags of a repository: the conditions under which one stays.
 *
 * @param rule as users know it: {@code products, line 9: main-*}; null where the policy has none for these tags
 * @param match the tags; null for those that no other rule matches
 */
record TagRule(String rule, NamePatterns match, Keep keep) {

    /** Which of the tags stay. */
    sealed interface Keep permits All, None, Conditions {}

    /** All of them, for a reason in words. */
    record All(String why) implements Keep {}

    /** None of them, for a reason in words. */
    record None(String why) implements Keep {}

    /** The newest of the tags, or of each group of them. */
    record Newest(int count, Order by) {}
}
