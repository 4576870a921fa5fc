package dev.tidemark.policy;

/** What becomes of a manifest that no tag names. */
public sealed interface Untagged {

    /** The policy does not say: it is as without one. */
    record Undecided() implements Untagged {}

    /**
     * It stays.
     *
     * @param why in words
     */
    record Kept(String why) implements Untagged {}

    /**
     * It goes.
     *
     * @param why in words
     */
    record Goes(String why) implements Untagged {}
}
