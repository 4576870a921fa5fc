package dev.tidemark.schemas;

import java.nio.charset.StandardCharsets;

/**
 * A policy, as the file has it that a run was asked for with.
 *
 * @param digest of the text's bytes in UTF-8
 */
public record PolicyText(Digest digest, String text) {

    /** The beginning of such a pin. */
    public static final String KEEPS = "the policy keeps it";

    public PolicyText {
        Fields.require(digest, text);
        if (!digest.equals(digest(text))) {
            throw new IllegalArgumentException("the policy's text has another digest than " + digest);
        }
    }

    public static PolicyText of(String text) {
        return new PolicyText(digest(text), text);
    }

    /**
     * The pin of a manifest that a policy keeps, although no tag names it.
     *
     * @param rule that says so; null if no rule does
     */
    public static String keeps(String rule, String why) {
        return KEEPS + (rule == null ? "" : " (" + rule + ")") + ": " + why;
    }

    /** Whether such a pin is from a policy. */
    public static boolean isKept(String pinned) {
        return pinned != null && pinned.startsWith(KEEPS);
    }

    private static Digest digest(String text) {
        return Digest.Algorithm.SHA256.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
