package dev.tidemark.policy;

import dev.tidemark.policy.TagRule.Newest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The conditions that a rule of a policy sets for a tag to stay.
 *
 * @param all whether it has to meet each condition, and not just any
 * @param group the capture group whose text makes a group, in which tags are counted; 0 for one group of all
 * @param newest how many, and by which order; null if it is no condition
 * @param pushedWithin for how long after its push, in ms; null if it is no condition
 * @param newestPulled how many of those that were pulled last; null if it is no condition
 * @param pulledWithin for how long after its last pull, in ms; null if it is no condition
 */
record Conditions(boolean all, int group, Newest newest, Long pushedWithin, Integer newestPulled, Long pulledWithin)
        implements TagRule.Keep {

    /**
     * Where a tag is among those that count with it, the newest being the first.
     *
     * @param newest by the order of the rule; 0 if it counts none
     * @param pulled by the last pull; 0 if the rule counts none
     * @param knownPulls of how many of them the last pull is known for sure
     */
    record Place(int newest, int pulled, int knownPulls) {

        static final Place NONE = new Place(0, 0, 0);
    }

    /**
     * Whether one of the conditions is met.
     *
     * @param until when that ends, in ms since the epoch; null if that is not a question of time
     */
    private record Answer(boolean met, String words, Long until) {

        static Answer place(String what, boolean met, int place, int count, String group) {
            String words = met ? "%s %d of %d%s" : "%s %d, and %d are kept%s";
            return new Answer(met, words.formatted(what, place, count, group), null);
        }
    }

    /** Whether tags are counted. */
    boolean counts() {
        return newest != null || newestPulled != null;
    }

    /** Whether it needs to know of pulls. */
    boolean asksForPulls() {
        return newestPulled != null || pulledWithin != null;
    }

    /**
     * Decides on a tag.
     *
     * @param group that it counts in, in words; empty if there are no groups
     */
    TagVerdict verdict(Tag tag, String rule, Place place, String group, AsOf asOf) {
        List<Answer> answers = new ArrayList<>();
        if (newest != null) {
            answers.add(
                    Answer.place("newest", place.newest() <= newest.count(), place.newest(), newest.count(), group));
        }
        if (pushedWithin != null) {
            answers.add(new Answer(
                    asOf.isWithin(tag.pushed(), pushedWithin),
                    Times.age("pushed", tag.pushed(), asOf.now(), pushedWithin),
                    Times.plus(tag.pushed(), pushedWithin)));
        }
        if (newestPulled != null) {
            answers.add(newestPulled(tag, place, group, asOf));
        }
        if (pulledWithin != null) {
            answers.add(pulledWithin(tag, asOf));
        }
        boolean kept =
                all ? answers.stream().allMatch(Answer::met) : answers.stream().anyMatch(Answer::met);
        List<Answer> reasons =
                answers.stream().filter(answer -> answer.met() == kept).toList();
        return new TagVerdict(
                tag.name(),
                kept,
                rule,
                reasons.stream().map(Answer::words).distinct().collect(Collectors.joining(", ")),
                kept ? until(reasons) : null);
    }

    /**
     * A tag whose last pull is not known may have been pulled before pulls were collected: it takes no place, and
     * stays.
     */
    private Answer newestPulled(Tag tag, Place place, String group, AsOf asOf) {
        return asOf.knowsTheLastPull(tag) || place.knownPulls() >= newestPulled
                ? Answer.place("newest pulled", place.pulled() <= newestPulled, place.pulled(), newestPulled, group)
                : new Answer(true, asOf.countsAsPulled(), null);
    }

    private Answer pulledWithin(Tag tag, AsOf asOf) {
        boolean within = asOf.isWithin(tag.used(), pulledWithin);
        boolean known = asOf.knowsPulls() && !asOf.isWithin(asOf.pullsSince(), pulledWithin);
        String what = tag.used() > tag.pushed() ? "pulled" : "not pulled, pushed";
        return new Answer(
                within || !known,
                within || known ? Times.age(what, tag.used(), asOf.now(), pulledWithin) : asOf.countsAsPulled(),
                asOf.knowsPulls() ? Times.plus(Math.max(tag.used(), asOf.pullsSince()), pulledWithin) : null);
    }

    /** The end of the first of the reasons if all are needed, and otherwise of the last. */
    private Long until(List<Answer> reasons) {
        List<Long> ends = reasons.stream()
                .map(Answer::until)
                .filter(end -> end != null)
                .sorted()
                .toList();
        return ends.isEmpty() || (!all && ends.size() < reasons.size()) ? null : all ? ends.getFirst() : ends.getLast();
    }
}
