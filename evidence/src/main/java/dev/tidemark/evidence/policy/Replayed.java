package dev.tidemark.evidence.policy;

import java.util.List;

/**
 * The amounts that a policy would have kept and deleted in a recorded run.
 *
 * @param run its id
 * @param asOf when it was asked for: the time that the policy counts from
 * @param policy as the user names it; null for the decision of the run itself
 * @param digest of the policy's text; null if there is none
 * @param caution the gaps in the records, in words; empty if there are none. Anything that they leave open is kept
 * @param more the amounts that would go and that the run itself left; null for the run itself
 * @param less the amounts that would stay and that the run itself found eligible; null for the run itself
 * @param rules the tags by repository and rule, those first that free the most; empty for the run itself
 */
public record Replayed(
        String run,
        String asOf,
        String policy,
        String digest,
        List<String> caution,
        Amounts amounts,
        Amounts.Part more,
        Amounts.Part less,
        List<TagGroup> rules) {

    public Replayed {
        caution = List.copyOf(caution);
        rules = List.copyOf(rules);
    }

    /** With no more of the rules than that. */
    public Replayed listing(int limit) {
        return new Replayed(
                run,
                asOf,
                policy,
                digest,
                caution,
                amounts,
                more,
                less,
                rules.stream().limit(limit).toList());
    }
}
