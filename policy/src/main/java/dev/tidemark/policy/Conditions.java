package dev.tidemark.policy;

import dev.tidemark.policy.TagRule.Newest;
import java.util.ArrayList;
import java.util.List;

/**
 * What a tag has to meet to stay.
 *
 * @param all whether it has to meet each condition, and not just any
 * @param newest how many, and by which order; null if it is no condition
 * @param pushedWithin for how long after its push, in ms; null if it is no condition
 */
record Conditions(boolean all, Newest newest, Long pushedWithin) implements TagRule.Keep {

    /**
     * Decides on a tag.
     *
     * @param rank among those that count with it, from 1; 0 if none is asked for
     * @param group that it counts in, in words; empty if there are no groups
     */
    TagVerdict verdict(Tag tag, String rule, int rank, String group, long now) {
        List<String> met = new ArrayList<>();
        List<String> missed = new ArrayList<>();
        boolean isNewest = newest != null && rank <= newest.count();
        if (newest != null) {
            (isNewest ? met : missed)
                    .add((isNewest ? "newest %d of %d%s" : "newest %d, and %d are kept%s")
                            .formatted(rank, newest.count(), group));
        }
        boolean isYoung = pushedWithin != null && now - tag.pushed() < pushedWithin;
        if (pushedWithin != null) {
            (isYoung ? met : missed).add(Times.age("pushed", tag.pushed(), now, pushedWithin));
        }
        boolean kept = all ? missed.isEmpty() : !met.isEmpty();
        boolean byTimeAlone = kept && isYoung && (all || !isNewest);
        return new TagVerdict(
                tag.name(),
                kept,
                rule,
                String.join(", ", kept ? met : missed),
                byTimeAlone ? Times.plus(tag.pushed(), pushedWithin) : null);
    }
}
