package dev.tidemark.policy;

import java.util.Locale;

/**
 * Translates the retention rules of other registries. A translation never lets a tag go that the rules keep, except
 * where its comments say what differs; what can't be said is a comment, and kept, or a fault.
 */
public final class PolicyImport {

    /** The product whose rules are imported. */
    public enum From {
        /** The configuration file of zot: {@code storage.retention}, as JSON or YAML. */
        ZOT,
        /** The retention policy of a Harbor project, as its API has it: {@code GET /api/v2.0/retentions/ID}. */
        HARBOR,
        /** The cleanup policy of a GitLab project, as its API has it: {@code container_expiration_policy}. */
        GITLAB,
        /** A lifecycle policy of Amazon ECR. */
        ECR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private PolicyImport() {}

    /**
     * Translates.
     *
     * @param text JSON or YAML
     * @param repositories a pattern of the repositories that the rules are for, of Harbor {@code PROJECT/**}; null for
     *     zot, whose rules name them
     * @return the text of a policy
     * @throws InvalidPolicyException if something can't be read or said; a line for each fault, with its place
     */
    public static String translate(From from, String text, String repositories) {
        Foreign root = Foreign.read(text);
        if (repositories == null && from != From.ZOT) {
            throw root.fault("it does not name the repositories that it is for: give a pattern of them");
        }
        Draft draft = switch (from) {
            case ZOT -> FromZot.translate(root);
            case HARBOR -> FromHarbor.translate(root, repositories);
            case GITLAB -> FromGitlab.translate(root, repositories);
            case ECR -> FromEcr.translate(root, repositories);
        };
        String policy = draft.text();
        Policy.parse(policy);
        return policy;
    }
}
