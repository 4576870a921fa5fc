package dev.tidemark.policy;

import static java.util.function.Predicate.not;

import dev.tidemark.policy.PolicyModel.ForRepositories;
import dev.tidemark.policy.PolicyModel.Hold;
import dev.tidemark.policy.PolicyModel.Rule;
import dev.tidemark.policy.Tag.Past;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.TagsRecord.Subject;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Policies and tags of few words, so that they meet. */
final class RandomPolicies {

    static final long NOW = TestTags.NOW;

    static final List<String> REPOSITORIES = List.of("app", "team/app", "team/play/app");

    static final List<Digest> DIGESTS =
            Stream.of("a", "b", "c", "d", "e").map(TestTags::digest).toList();

    static final List<String> NAMES = Stream.concat(
                    PolicyModel.VERSIONS.stream().flatMap(List::stream),
                    Stream.of(
                            "main-1",
                            "main-2",
                            "main-10",
                            "pr-7-a",
                            "pr-7-b",
                            "pr-8-a",
                            "v1",
                            "latest",
                            DIGESTS.getFirst().toString().replace(':', '-'),
                            DIGESTS.getLast().toString().replace(':', '-') + ".sig"))
            .toList();

    private static final List<String> GLOBS =
            List.of("v*", "main-*", "*", "?*", "*-1", "*.0.*", "main-1*", "latest", "v1.0.?", "**", "1*", "p*-7-*");

    private static final List<String> REGEXES =
            List.of("/pr-(\\d+)-.*/", "/(v)?(\\d+)\\..*/", "/(m|p)(.*)/", "/(.*)()/");

    private RandomPolicies() {}

    static Arbitrary<PolicyModel> models() {
        return Combinators.combine(
                        holds().list().ofMaxSize(2),
                        policies().list().ofMinSize(1).ofMaxSize(3))
                .as((holds, policies) -> new PolicyModel(
                        holds,
                        Stream.iterate(0, i -> i < policies.size(), i -> i + 1)
                                .map(i -> named("p" + i, policies.get(i)))
                                .toList()));
    }

    private static ForRepositories named(String name, ForRepositories policy) {
        return new ForRepositories(
                name,
                policy.repositories(),
                policy.rules(),
                policy.deleteOthers(),
                policy.keepPrevious(),
                policy.deleteAfter(),
                policy.orphanedAfter());
    }

    private static Arbitrary<Hold> holds() {
        return Arbitraries.oneOf(
                Combinators.combine(repositories(), patterns(GLOBS)).as((in, tags) -> new Hold(in, tags, List.of())),
                Combinators.combine(
                                repositories(), Arbitraries.of(DIGESTS).list().ofSize(1))
                        .as((in, digests) -> new Hold(in, List.of(), digests)));
    }

    private static Arbitrary<ForRepositories> policies() {
        return Combinators.combine(
                        repositories(),
                        rules().list().ofMaxSize(4),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 3).injectNull(0.4),
                        Arbitraries.integers().between(0, 9).injectNull(0.4),
                        Arbitraries.integers().between(0, 9).injectNull(0.4))
                .as((in, rules, others, previous, after, orphaned) ->
                        new ForRepositories("", in, rules, others && !rules.isEmpty(), previous, after, orphaned));
    }

    private static Arbitrary<Rule> rules() {
        return Arbitraries.frequencyOf(
                Tuple.of(
                        1,
                        Combinators.combine(patterns(GLOBS), Arbitraries.of("all", "none"))
                                .as((match, keep) -> new Rule(match, keep, null, null, null, null, null, null))),
                Tuple.of(3, conditions(patterns(GLOBS), Arbitraries.just(null))),
                Tuple.of(2, conditions(patterns(REGEXES), Arbitraries.of(null, 1))));
    }

    private static Arbitrary<Rule> conditions(Arbitrary<List<String>> patterns, Arbitrary<Integer> groups) {
        return Combinators.combine(
                        patterns,
                        Arbitraries.of("keepAny", "keepAll"),
                        Arbitraries.integers().between(1, 4).injectNull(0.2),
                        Arbitraries.of("time", "semver", "name").injectNull(0.4),
                        Arbitraries.integers().between(1, 9).injectNull(0.5),
                        Arbitraries.integers().between(1, 4).injectNull(0.7),
                        Arbitraries.integers().between(1, 9).injectNull(0.7),
                        groups)
                .filter((match, keep, newest, by, days, pulled, pulledDays, group) ->
                        newest != null || days != null || pulled != null || pulledDays != null)
                .as((match, keep, newest, by, days, pulled, pulledDays, group) -> new Rule(
                        match,
                        keep,
                        newest,
                        newest == null ? null : by,
                        days,
                        pulled,
                        pulledDays,
                        newest == null && pulled == null ? null : group));
    }

    private static Arbitrary<List<String>> repositories() {
        return patterns(List.of("**", "team/**", "*", "**/app", "team/*", "app"));
    }

    private static Arbitrary<List<String>> patterns(List<String> from) {
        return Combinators.combine(
                        Arbitraries.of(from)
                                .list()
                                .uniqueElements()
                                .ofMinSize(1)
                                .ofMaxSize(2),
                        Arbitraries.frequency(Tuple.of(3, 0), Tuple.of(1, 1))
                                .flatMap(size -> Arbitraries.of(from).list().ofSize(size)))
                .as((some, none) -> Stream.concat(
                                some.stream(),
                                none.stream().filter(not(some::contains)).map("!"::concat))
                        .toList());
    }

    static Arbitrary<List<Tag>> tags() {
        return Combinators.combine(
                        Arbitraries.of(NAMES),
                        Arbitraries.of(DIGESTS).injectNull(0.01),
                        times(),
                        times().injectNull(0.5),
                        Combinators.combine(Arbitraries.of(DIGESTS), times())
                                .as(Past::new)
                                .list()
                                .ofMaxSize(4),
                        Arbitraries.just("held by ops").injectNull(0.95),
                        times().injectNull(0.3).map(gone -> new Subject(gone, "seen here")))
                .as((name, digest, pushed, pulled, history, held, subject) ->
                        new Tag(name, digest, pushed, pulled, history, held, ReferrersTag.is(name) ? subject : null))
                .list()
                .uniqueElements(Tag::name)
                .ofMaxSize(15);
    }

    /** Some days ago, and now and then a moment earlier or later than that. */
    static Arbitrary<Long> times() {
        return Combinators.combine(Arbitraries.integers().between(-1, 10), Arbitraries.of(0, 0, 0, -1, 1))
                .as((days, ms) -> NOW - days * 86_400_000L + ms);
    }
}
