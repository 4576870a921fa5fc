package dev.tidemark.policy;

/** The verdict of a policy on a manifest that no tag names. */
public sealed interface Untagged {

    /** The policy does not say: it is as without one. */
    record Undecided() implements Untagged {}

    /**
     * It stays.
     *
     * @param rule that says so, with its line in the file: {@code products, line 14: untagged}; null if no rule does
     * @param why in words
     */
    record Kept(String rule, String why) implements Untagged {}

    /**
     * It goes.
     *
     * @param rule that says so, with its line in the file; null if it goes with its tag
     * @param why in words
     */
    record Goes(String rule, String why) implements Untagged {}
}
