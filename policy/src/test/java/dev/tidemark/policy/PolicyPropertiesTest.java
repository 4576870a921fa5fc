package dev.tidemark.policy;

import static java.util.Collections.newSetFromMap;
import static java.util.function.Predicate.not;
import static java.util.stream.Collectors.toCollection;
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
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** Random policies on random tags, beside the model. */
@PropertyDefaults(tries = 300, edgeCases = EdgeCasesMode.NONE)
class PolicyPropertiesTest extends RandomCases {

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

    private static <T> List<T> shuffled(List<T> list, Random random) {
        List<T> shuffled = new ArrayList<>(list);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
