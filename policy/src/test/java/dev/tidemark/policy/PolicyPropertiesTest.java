package dev.tidemark.policy;

import static java.util.Collections.newSetFromMap;
import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.policy.PolicyModel.ForRepositories;
import dev.tidemark.policy.PolicyModel.Rule;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.ReferrersTag;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** Random policies on random tags, beside the model. */
@PropertyDefaults(tries = 300, edgeCases = EdgeCasesMode.NONE)
class PolicyPropertiesTest {

    private static final long NOW = RandomPolicies.NOW;

    /** Tags of a repository, to be decided by a policy. */
    record Case(PolicyModel model, String repository, List<Tag> tags, Long since) {

        Case with(PolicyModel other) {
            return new Case(other, repository, tags, since);
        }

        /** With one of the tags in the place of that which has the same name. */
        Case with(Tag other) {
            List<Tag> others = new ArrayList<>(tags);
            others.replaceAll(tag -> tag.name().equals(other.name()) ? other : tag);
            return new Case(model, repository, others, since);
        }

        Policy policy() {
            return parsed(model);
        }

        PolicyModel.AsOf asOf() {
            return new PolicyModel.AsOf(NOW, since);
        }

        RepositoryVerdict verdict() {
            return policy().decide(repository, tags, NOW, since);
        }

        Set<String> kept() {
            return PolicyPropertiesTest.kept(verdict());
        }
    }

    @Provide
    Arbitrary<PolicyModel> anyModels() {
        return RandomPolicies.models();
    }

    /** Of policies that are valid. */
    @Provide
    Arbitrary<Case> cases() {
        return Combinators.combine(
                        RandomPolicies.models().filter(PolicyPropertiesTest::isValid),
                        Arbitraries.of(RandomPolicies.REPOSITORIES),
                        RandomPolicies.tags(),
                        since())
                .as(Case::new);
    }

    private static boolean isValid(PolicyModel model) {
        try {
            parsed(model);
            return true;
        } catch (InvalidPolicyException e) {
            return false;
        }
    }

    @Provide
    Arbitrary<Digest> digests() {
        return Arbitraries.of(RandomPolicies.DIGESTS);
    }

    @Provide
    Arbitrary<Long> times() {
        return RandomPolicies.times();
    }

    /** Since when pulls are known. */
    @Provide
    Arbitrary<Long> since() {
        return RandomPolicies.times().injectNull(0.2);
    }

    @Property(tries = 1_500)
    void itKeepsWhatTheModelKeeps(@ForAll("cases") Case given) {
        List<TagVerdict> verdicts = given.verdict().tags();

        assertThat(verdicts)
                .extracting(TagVerdict::tag)
                .containsExactlyElementsOf(
                        given.tags().stream().map(Tag::name).sorted().toList());
        assertThat(kept(verdicts))
                .as(ModelYaml.of(given.model()))
                .isEqualTo(given.model().kept(given.repository(), given.tags(), given.asOf()));
        Statistics.label("lets a tag go")
                .collect(!verdicts.stream().allMatch(TagVerdict::kept))
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 15));
        Statistics.label("lets a tag of referrers go")
                .collect(verdicts.stream().anyMatch(verdict -> !verdict.kept() && ReferrersTag.is(verdict.tag())))
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 3));
    }

    @Property(tries = 1_500)
    void itSaysOfUntaggedManifestsWhatTheModelSays(
            @ForAll("cases") Case given, @ForAll("digests") Digest digest, @ForAll("times") long pushed) {
        Untagged untagged = given.verdict().untagged(digest, pushed);

        assertThat(untagged.getClass())
                .as(ModelYaml.of(given.model()))
                .isEqualTo(given.model().untagged(given.repository(), given.tags(), digest, pushed, given.asOf()));
        Statistics.label("goes")
                .collect(untagged instanceof Untagged.Goes)
                .coverage(coverage -> coverage.check(true).percentage(share -> share > 3));
    }

    @Property
    void theOrderOfTagsAndOfTheirHistoryDoesNotMatter(
            @ForAll("cases") Case given, @ForAll("digests") Digest digest, @ForAll Random random) {
        Policy policy = given.policy();
        List<Tag> others = shuffled(given.tags(), random).stream()
                .map(tag -> new Tag(
                        tag.name(),
                        tag.digest(),
                        tag.pushed(),
                        tag.pulled(),
                        shuffled(tag.history(), random),
                        tag.held(),
                        tag.subject()))
                .toList();
        RepositoryVerdict verdict = policy.decide(given.repository(), given.tags(), NOW, given.since());
        RepositoryVerdict other = policy.decide(given.repository(), others, NOW, given.since());

        assertThat(other.tags()).isEqualTo(verdict.tags());
        assertThat(other.untagged(digest, NOW)).isEqualTo(verdict.untagged(digest, NOW));
    }

    @Property
    void whoKeepsMoreOfTheNewestOrForLongerLosesNothing(
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
    void whoKeepsWhatMeetsAnyConditionLosesNothingOfWhatMeetsAll(@ForAll("cases") Case given) {
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
    void whoKnowsOfFewerPullsLosesNothing(
            @ForAll("cases") Case given, @ForAll("times") long since, @ForAll("since") Long later) {
        Policy policy = given.policy();
        Long fewer = later == null ? null : Long.valueOf(Math.max(since, later));
        Set<String> kept = kept(policy.decide(given.repository(), given.tags(), NOW, since));
        Set<String> more = kept(policy.decide(given.repository(), given.tags(), NOW, fewer));

        assertThat(more).containsAll(kept);
        some("differ", !more.equals(kept));
    }

    @Property
    void whatIsPulledStaysThatWouldHaveStayed(
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
    void whatIsKeptByItsTimeAloneGoesWhenThatIsOver(@ForAll("cases") Case given) {
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

    /** Of a property that asserts nothing of most cases: some have to be of the others. */
    private static void some(String label, boolean is) {
        Statistics.label(label)
                .collect(is)
                .coverage(coverage -> coverage.check(true).count(count -> count > 0));
    }

    @Property
    void ofTagsOfTheSameMomentAsManyAreKeptAsTheRuleSays(
            @ForAll @IntRange(min = 1, max = 5) int newest, @ForAll @IntRange(max = 8) int count) {
        Policy policy = Policy.parse(
                "policies: [{ name: p, repositories: ['**'], tags: [{ match: ['*'], keepAny: { newest: %d } }] }]"
                        .formatted(newest));
        List<Tag> tags = Stream.iterate(0, i -> i < count, i -> i + 1)
                .map(i -> new Tag("t" + i, RandomPolicies.DIGESTS.getFirst(), NOW, List.of()))
                .toList();

        assertThat(kept(policy.decide("app", tags, NOW, null)))
                .containsExactlyInAnyOrderElementsOf(tags.stream()
                        .skip(Math.max(0, count - newest))
                        .map(Tag::name)
                        .toList());
    }

    /** What is refused as never matching never matches. */
    @Property(tries = 1_500)
    void nothingIsShadowedThatMatches(@ForAll("anyModels") PolicyModel model) {
        try {
            Policy.parse(ModelYaml.of(model));
            some("refused", false);
        } catch (InvalidPolicyException e) {
            some("refused", true);
            long idle = idle(model.policies(), ForRepositories::repositories, RandomPolicies.REPOSITORIES)
                    + model.policies().stream()
                            .mapToLong(each -> idle(each.rules(), Rule::match, RandomPolicies.NAMES))
                            .sum()
                    + model.holds().stream()
                            .flatMap(hold -> Stream.of(
                                    idle(List.of(hold), PolicyModel.Hold::repositories, RandomPolicies.REPOSITORIES),
                                    hold.tags().isEmpty()
                                            ? 0
                                            : idle(List.of(hold), PolicyModel.Hold::tags, RandomPolicies.NAMES)))
                            .mapToLong(Long::longValue)
                            .sum();
            assertThat(e.faults()).as(ModelYaml.of(model)).allMatch(fault -> fault.contains("never matches"));
            assertThat(e.faults().stream()
                            .map(fault -> fault.replaceAll(":.*", ""))
                            .distinct()
                            .count())
                    .as("%s%n%s", ModelYaml.of(model), e.getMessage())
                    .isLessThanOrEqualTo(idle);
        }
    }

    /** How many of them are no name's first match. */
    private static <T> long idle(List<T> list, Function<T, List<String>> patterns, List<String> names) {
        Set<T> used = names.stream()
                .map(name -> list.stream()
                        .filter(each -> PolicyModel.isIn(patterns.apply(each), name))
                        .findFirst())
                .flatMap(Optional::stream)
                .collect(toCollection(() -> newSetFromMap(new IdentityHashMap<>())));
        return list.stream().filter(not(used::contains)).count();
    }

    private static Policy parsed(PolicyModel model) {
        return Policy.parse(ModelYaml.of(model));
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

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    private static Set<String> kept(RepositoryVerdict verdict) {
        return kept(verdict.tags());
    }

    private static Set<String> kept(List<TagVerdict> verdicts) {
        return verdicts.stream().filter(TagVerdict::kept).map(TagVerdict::tag).collect(toSet());
    }
}
