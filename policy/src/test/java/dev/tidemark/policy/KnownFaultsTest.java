package dev.tidemark.policy;

import static dev.tidemark.policy.TestTags.NOW;
import static dev.tidemark.policy.TestTags.digest;
import static dev.tidemark.policy.TestTags.tag;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Digest.Algorithm;
import dev.tidemark.schemas.TagsRecord.Subject;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How retention goes wrong elsewhere. */
class KnownFaultsTest {

    private static final Digest SUBJECT = digest("v1");
    private static final String SIGNATURE = SUBJECT.toString().replace(':', '-') + ".sig";

    /** A pattern that is looked for anywhere in a name takes others with it. */
    @ParameterizedTest
    @CsvSource({
        "v1, v1, true",
        "v1, v10, false",
        "v1, dev1, false",
        "v1.0, v1x0, false",
        "/v\\d+/, v12, true",
        "/v\\d+/, dev12, false",
        "/v\\d+/, v12-rc, false",
        "/a|b/, b, true",
        "/a|b/, ax, false",
        "/a|b/, xb, false",
        "/^v\\d+$/, v1, true",
        "V*, v1, false",
        "v[^0-9], v1, false",
        "v[^0-9], vx, true",
    })
    void patternsAreOfWholeNames(String pattern, String tag, boolean goes) {
        assertThat(kept("{ match: ['%s'], keep: none }".formatted(pattern), tag(tag, 1)))
                .containsEntry(tag, !goes);
    }

    @ParameterizedTest
    @CsvSource({"team, steam/app, false", "team, team/app, false", "team/*, team/app, true", "team/*, team/a/b, false"})
    void soAreThoseOfRepositories(String pattern, String repository, boolean matches) {
        Policy policy =
                Policy.parse("policies: [{ name: p, repositories: ['%s'], otherTags: keep }]".formatted(pattern));

        assertThat(policy.decide(repository, List.of(), NOW, null).policy()).isEqualTo(matches ? "p" : null);
    }

    /** Where each rule can only keep more, "the newest three, if they are of this week" can't be said. */
    @Test
    void conditionsCanAllBeRequired() {
        Tag[] tags = {tag("a", 1), tag("b", 2), tag("c", 3), tag("d", 4), tag("e", 30)};

        assertThat(kept("{ match: ['*'], keepAll: { newest: 2, pushedWithin: 7d } }", tags))
                .isEqualTo(Map.of("a", true, "b", true, "c", false, "d", false, "e", false));
        assertThat(kept("{ match: ['*'], keepAny: { newest: 2, pushedWithin: 7d } }", tags))
                .isEqualTo(Map.of("a", true, "b", true, "c", true, "d", true, "e", false));
    }

    /** A rule on some tags is no word on all others. */
    @Test
    void aTagThatNoRuleMatchesIsKept() {
        assertThat(kept("{ match: ['main-*'], keepAny: { newest: 1 } }", tag("main-1", 1), tag("v1", 900)))
                .containsEntry("v1", true);
    }

    /** A tag that goes takes no other one of its digest, and one that stays keeps none. */
    @Test
    void eachTagIsDecidedOnByItself() {
        Digest shared = digest("shared");
        RepositoryVerdict verdict = policy("{ match: ['main-*'], keep: none }")
                .decide(
                        "app",
                        List.of(new Tag("v1", shared, NOW, List.of()), new Tag("main-1", shared, NOW, List.of())),
                        NOW,
                        null);

        assertThat(verdict.tags()).extracting(TagVerdict::kept).containsExactly(false, true);
        assertThat(verdict.untagged(shared, NOW)).isEqualTo(new Untagged.Kept(null, "v1 names it"));
    }

    /** What is kept anyway does not use up the places of others. */
    @Test
    void heldTagsAndThoseOfReferrersTakeNoPlace() {
        Policy policy = Policy.parse("""
            hold: [{ tags: [latest] }]
            policies: [{ name: p, repositories: ['**'], tags: [{ match: ['*'], keepAny: { newest: 1 } }] }]
            """);

        assertThat(kept(policy, tag("latest", 1), tag(SIGNATURE, 2), tag("v1", 3), tag("v0", 4)))
                .isEqualTo(Map.of("latest", true, SIGNATURE, true, "v1", true, "v0", false));
    }

    /** A signature that goes before its image makes the image unverifiable. */
    @ParameterizedTest
    @CsvSource({"'', true", ".sig, true", ".att, true", ".sbom, true", ".other, false"})
    void noRuleTakesTheTagsOfReferrers(String suffix, boolean kept) {
        for (Algorithm algorithm : Algorithm.values()) {
            String tag = algorithm.of(new byte[0]).toString().replace(':', '-') + suffix;

            assertThat(kept("{ match: ['*'], keep: none }", tag(tag, 900))).containsEntry(tag, kept);
        }
    }

    /** Such a tag has no more than 64 digits. */
    @Test
    void norThoseOfALongDigest() {
        String tag =
                Algorithm.SHA512.of(new byte[0]).toString().replace(':', '-').substring(0, "sha512-".length() + 64);

        assertThat(kept("{ match: ['*'], keep: none }", tag(tag, 900))).containsEntry(tag, true);
    }

    /** For others they stay for ever. */
    @ParameterizedTest
    @CsvSource({
        "900, 3,  false, 'seen here, found gone 3d ago, kept for 2d'",
        "900, 2,  false, 'seen here, found gone 2d ago, kept for 2d'",
        "900, 1,  true,  'seen here, found gone 24h ago, kept for 2d'",
        "1,   3,  true,  'seen here, pushed 24h ago, kept for 2d'",
        "900, ,  true,  'seen here'",
    })
    void aTagOfReferrersGoesSomeTimeAfterItsSubject(int pushed, Integer gone, boolean kept, String why) {
        var subject =
                new Subject(gone == null ? null : NOW - Duration.ofDays(gone).toMillis(), "seen here");

        assertThat(ofReferrers("{ name: p, repositories: ['**'], referrers: { orphanedAfter: 2d } }", pushed, subject))
                .extracting(TagVerdict::kept, TagVerdict::rule, TagVerdict::why)
                .containsExactly(kept, "p, line 2: referrers", why);
    }

    @Test
    void aPolicyThatSaysNothingOfReferrersKeepsTheirTags() {
        var gone = new Subject(0L, "seen here");

        assertThat(ofReferrers("{ name: p, repositories: ['**'], otherTags: keep }", 900, gone))
                .extracting(TagVerdict::kept, TagVerdict::why)
                .containsExactly(true, "it stays with the digest in its name");
        assertThat(ofReferrers("{ name: p, repositories: ['**'], referrers: { orphanedAfter: 0 } }", 900, null)
                        .kept())
                .as("what no run has looked at")
                .isTrue();
    }

    @Test
    void aHeldDigestHoldsTheTagsOfItsReferrers() {
        Policy policy = Policy.parse("""
            hold: [{ digests: ['%s'], reason: audit }]
            policies: [{ name: p, repositories: ['**'], referrers: { orphanedAfter: 0 } }]
            """.formatted(SUBJECT));

        assertThat(policy.decide("app", List.of(ofReferrers(900, new Subject(0L, "seen here"))), NOW, null)
                        .tags())
                .containsExactly(TagVerdict.kept(SIGNATURE, "hold, line 1", "what it refers to is held: audit"));
    }

    private static TagVerdict ofReferrers(String policy, int pushed, Subject subject) {
        return Policy.parse("policies:\n  - " + policy)
                .decide("app", List.of(ofReferrers(pushed, subject)), NOW, null)
                .tags()
                .getFirst();
    }

    private static Tag ofReferrers(int pushed, Subject subject) {
        return new Tag(
                SIGNATURE,
                digest("signature"),
                NOW - Duration.ofDays(pushed).toMillis(),
                null,
                List.of(),
                null,
                subject);
    }

    /** Ten comes after nine. */
    @Test
    void versionsAreNoWords() {
        assertThat(kept(
                        "{ match: ['*'], keepAny: { newest: 2, by: semver } }",
                        tag("v1.10.0", 9),
                        tag("v1.9.0", 1),
                        tag("v1.9.1", 2),
                        tag("v1.10.0-rc.1", 0)))
                .isEqualTo(Map.of("v1.10.0", true, "v1.10.0-rc.1", true, "v1.9.1", false, "v1.9.0", false));
    }

    /** Nobody can tell whether "v1" is older than "v1.2.3": it moves with it. */
    @Test
    void aTagThatIsNoVersionIsKeptWhereVersionsCount() {
        assertThat(kept(
                        "{ match: ['v*'], keepAll: { newest: 1, by: semver, pushedWithin: 1d } }",
                        tag("v1", 900),
                        tag("v1.2", 900),
                        tag("v1.2.3", 0),
                        tag("v1.2.2", 0)))
                .isEqualTo(Map.of("v1", true, "v1.2", true, "v1.2.3", true, "v1.2.2", false));
    }

    /** An old project that nobody pushes to any more keeps its last images. */
    @Test
    void timeAloneDoesNotEmptyARepository() {
        Tag[] tags =
                IntStream.range(0, 20).mapToObj(i -> tag("main-" + i, 400 + i)).toArray(Tag[]::new);

        assertThat(kept("{ match: ['main-*'], keepAny: { newest: 10, pushedWithin: 30d } }", tags)
                        .values())
                .filteredOn(kept -> kept)
                .hasSize(10);
    }

    private static Map<String, Boolean> kept(String rule, Tag... tags) {
        return kept(policy(rule), tags);
    }

    private static Map<String, Boolean> kept(Policy policy, Tag... tags) {
        return policy.decide("app", Arrays.asList(tags), NOW, null).tags().stream()
                .collect(toMap(TagVerdict::tag, TagVerdict::kept));
    }

    private static Policy policy(String rule) {
        return Policy.parse("policies: [{ name: p, repositories: ['**'], tags: [%s] }]".formatted(rule));
    }
}
