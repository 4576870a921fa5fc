package dev.tidemark.policy;

import static java.util.stream.Collectors.toSet;

import dev.tidemark.schemas.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** Random policies, and tags of a repository that they decide on. */
abstract class RandomCases {

    static final long NOW = RandomPolicies.NOW;

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
            return RandomCases.kept(verdict());
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
                        RandomPolicies.models().filter(RandomCases::isValid),
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

    /** Of a property that asserts nothing of most cases: some have to be of the others. */
    static void some(String label, boolean is) {
        Statistics.label(label)
                .collect(is)
                .coverage(coverage -> coverage.check(true).count(count -> count > 0));
    }

    static Policy parsed(PolicyModel model) {
        return Policy.parse(ModelYaml.of(model));
    }

    static Set<String> kept(RepositoryVerdict verdict) {
        return kept(verdict.tags());
    }

    static Set<String> kept(List<TagVerdict> verdicts) {
        return verdicts.stream().filter(TagVerdict::kept).map(TagVerdict::tag).collect(toSet());
    }
}
