package dev.tidemark.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.policy.PolicyModel.ForRepositories;
import dev.tidemark.policy.PolicyModel.Rule;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.constraints.IntRange;

/** Random policies on random tags, and what is kept when the policy, a tag, or the time is another. */
@PropertyDefaults(tries = 300, edgeCases = EdgeCasesMode.NONE)
class PolicyChangesTest extends RandomCases {

    @Property
    void aPolicyThatKeepsMoreOfTheNewestOrForLongerLosesNothing(
            @ForAll("cases") Case given, @ForAll @IntRange(max = 2) int newest, @ForAll @IntRange(max = 5) int days) {
        PolicyModel larger = rules(
                given.model(),
                rule -> new Rule(
                        rule.match(),
                        rule.keep(),
                        rule.newest() == null ? null : Integer.valueOf(rule.newest() + newest),
                        rule.by(),
                        rule.days() == null ? null : Integer.valueOf(rule.days() + days),
                        rule.newestPulled() == null ? null : Integer.valueOf(rule.newestPulled() + newest),
                        rule.pulledDays() == null ? null : Integer.valueOf(rule.pulledDays() + days),
                        rule.groupBy()));

        assertThat(given.with(larger).kept()).containsAll(given.kept());
    }

    @Property
    void aRuleOfAnyConditionLosesNoTagThatMeetsAll(@ForAll("cases") Case given) {
        PolicyModel any = rules(
                given.model(),
                rule -> new Rule(
                        rule.match(),
                        rule.keep().equals("keepAll") ? "keepAny" : rule.keep(),
                        rule.newest(),
                        rule.by(),
                        rule.days(),
                        rule.newestPulled(),
                        rule.pulledDays(),
                        rule.groupBy()));

        assertThat(given.with(any).kept()).containsAll(given.kept());
    }

    @Property
    void aHoldKeepsATagAndCostsNoOther(@ForAll("cases") Case given, @ForAll @IntRange(max = 14) int which) {
        Assume.that(which < given.tags().size());
        Tag tag = given.tags().get(which);
        var held = new Tag(tag.name(), tag.digest(), tag.pushed(), tag.pulled(), tag.history(), "held", tag.subject());

        assertThat(given.with(held).kept()).contains(tag.name()).containsAll(given.kept());
    }

    @Property
    void nothingIsKeptForLongerByWaiting(@ForAll("cases") Case given, @ForAll("times") long then) {
        Policy policy = given.policy();

        assertThat(kept(policy.decide(given.repository(), given.tags(), Math.min(then, NOW), given.since())))
                .containsAll(kept(policy.decide(given.repository(), given.tags(), NOW, given.since())));
    }

    @Property
    void aPolicyThatKnowsOfFewerPullsLosesNothing(
            @ForAll("cases") Case given, @ForAll("times") long since, @ForAll("since") Long later) {
        Policy policy = given.policy();
        Long fewer = later == null ? null : Long.valueOf(Math.max(since, later));
        Set<String> kept = kept(policy.decide(given.repository(), given.tags(), NOW, since));
        Set<String> more = kept(policy.decide(given.repository(), given.tags(), NOW, fewer));

        assertThat(more).containsAll(kept);
        some("differ", !more.equals(kept));
    }

    @Property
    void aPulledTagStaysThatWouldHaveStayed(
            @ForAll("cases") Case given, @ForAll("times") long pulled, @ForAll @IntRange(max = 14) int which) {
        Assume.that(which < given.tags().size());
        Tag tag = given.tags().get(which);
        Tag later = TestTags.pulledAt(tag, Math.max(tag.used(), pulled));

        if (given.kept().contains(tag.name())) {
            assertThat(given.with(later).kept()).contains(tag.name());
        }
    }

    /** As long as nothing else happens. */
    @Property
    void aTagThatItsTimeAloneKeepsGoesWhenThatIsOver(@ForAll("cases") Case given) {
        Policy policy = given.policy();
        List<TagVerdict> verdicts = policy.decide(given.repository(), given.tags(), NOW, given.since())
                .tags();
        some("end by time", verdicts.stream().anyMatch(verdict -> verdict.until() != null));
        for (TagVerdict verdict : verdicts) {
            if (verdict.until() != null) {
                assertThat(kept(policy.decide(given.repository(), given.tags(), verdict.until() - 1, given.since())))
                        .contains(verdict.tag());
                assertThat(kept(policy.decide(given.repository(), given.tags(), verdict.until(), given.since())))
                        .doesNotContain(verdict.tag());
            }
        }
    }

    private static PolicyModel rules(PolicyModel model, UnaryOperator<Rule> change) {
        return new PolicyModel(
                model.holds(),
                model.policies().stream()
                        .map(policy -> new ForRepositories(
                                policy.name(),
                                policy.repositories(),
                                policy.rules().stream().map(change).toList(),
                                policy.deleteOthers(),
                                policy.keepPrevious(),
                                policy.deleteAfter(),
                                policy.orphanedAfter()))
                        .toList());
    }
}
