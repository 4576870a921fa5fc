package dev.tidemark.evidence.policy;

import java.util.List;

/**
 * What a policy would have kept and deleted in a recorded run.
 *
 * @param run its id
 * @param asOf when it was asked for: the time that the policy counts from
 * @param policy as the user names it; null for what the run itself decided
 * @param digest of the policy's text; null if there is none
 * @param caution what the records do not tell, and is kept for that; empty if they tell all
 * @param more what would go that the run itself left; null for the run itself
 * @param less what would stay that the run itself found eligible; null for the run itself
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
