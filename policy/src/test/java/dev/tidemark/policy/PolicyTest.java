package dev.tidemark.policy;

import static dev.tidemark.policy.TestTags.NOW;
import static dev.tidemark.policy.TestTags.digest;
import static dev.tidemark.policy.TestTags.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.policy.Tag.Past;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTest {

    private static final Policy PRODUCTS = Policy.parse("""
        hold:
          - { repositories: ["**"], tags: ["latest", "stable"] }
          - { digests: ["%s"], reason: "audit 2026-14" }
        policies:
          - name: products
            repositories: ["team/**", "!team/play/**"]
            tags:
              - match: ["v*", "release-*"]
                keep: all
              - match: ["main-*"]
                keepAny: { newest: 2, pushedWithin: 30d }
              - match: ["/pr-(\\\\d+)-.*/"]
                groupBy: 1
                keepAll: { newest: 2, pushedWithin: 100h }
            untagged: { keepPrevious: 2, deleteAfter: 14d }
        """.formatted(digest("audited")));

    @Test
    void theFirstPolicyThatMatchesARepositoryIsItsPolicy() {
        RepositoryVerdict verdict = PRODUCTS.decide("team/app", List.of(), NOW, null);

        assertThat(verdict.policy()).isEqualTo("products");
    }

    @Test
    void withoutAPolicyEveryTagIsKept() {
        RepositoryVerdict verdict = PRODUCTS.decide("team/play/app", List.of(tag("main-1", 400)), NOW, null);

        assertThat(verdict.policy()).isNull();
        assertThat(verdict.tags())
                .containsExactly(new TagVerdict("main-1", true, null, "no policy is for this repository", null));
    }

    @Test
    void theTagsAreInTheOrderOfTheirNames() {
        assertThat(verdicts(tag("v2", 1), tag("main-1", 1), tag("latest", 1)))
                .extracting(TagVerdict::tag)
                .containsExactly("latest", "main-1", "v2");
    }

    @Test
    void aRuleThatKeepsAllKeepsAll() {
        assertThat(verdicts(tag("v1", 4_000)))
                .containsExactly(new TagVerdict("v1", true, "products, line 8: v*, release-*", "all are kept", null));
    }

    @Test
    void aTagThatMeetsAnyConditionIsKept() {
        assertThat(verdicts(tag("main-1", 50), tag("main-2", 40), tag("main-3", 31), tag("main-4", 45)))
                .containsExactly(
                        goes("main-1", MAIN, "newest 4, and 2 are kept, pushed 50d ago, kept for 30d"),
                        kept("main-2", MAIN, "newest 2 of 2"),
                        kept("main-3", MAIN, "newest 1 of 2"),
                        goes("main-4", MAIN, "newest 3, and 2 are kept, pushed 45d ago, kept for 30d"));
    }

    @Test
    void aTagThatItsTimeAloneKeepsSaysUntilWhen() {
        assertThat(verdicts(tag("main-1", 1), tag("main-2", 2), tag("main-3", 3)))
                .last()
                .isEqualTo(new TagVerdict(
                        "main-3",
                        true,
                        MAIN,
                        "pushed 3d ago, kept for 30d",
                        NOW + Duration.ofDays(27).toMillis()));
    }

    @Test
    void ofEachGroupWhatMeetsAllConditionsIsKept() {
        String rule = "products, line 12: /pr-(\\d+)-.*/";

        assertThat(verdicts(tag("pr-7-a", 1), tag("pr-7-b", 2), tag("pr-7-c", 3), tag("pr-8-a", 5)))
                .containsExactly(
                        new TagVerdict(
                                "pr-7-a",
                                true,
                                rule,
                                "newest 1 of 2 of '7', pushed 24h ago, kept for 4d4h",
                                NOW + Duration.ofHours(76).toMillis()),
                        new TagVerdict(
                                "pr-7-b",
                                true,
                                rule,
                                "newest 2 of 2 of '7', pushed 2d ago, kept for 4d4h",
                                NOW + Duration.ofHours(52).toMillis()),
                        goes("pr-7-c", rule, "newest 3, and 2 are kept of '7'"),
                        goes("pr-8-a", rule, "pushed 5d ago, kept for 4d4h"));
    }

    @Test
    void aTagThatNoRuleMatchesIsKept() {
        assertThat(verdicts(tag("other", 4_000))).containsExactly(kept("other", null, "no rule matches"));
    }

    @Test
    void aHoldIsOverEverythingAndTakesNoPlace() {
        Tag audited = new Tag("main-0", digest("audited"), NOW, List.of());

        assertThat(verdicts(audited, tag("main-1", 40), tag("main-2", 41), tag("main-3", 42)))
                .extracting(TagVerdict::kept)
                .containsExactly(true, true, true, false);
        assertThat(verdicts(audited, tag("latest", 1)))
                .containsExactly(
                        kept("latest", "hold, line 2", "held"), kept("main-0", "hold, line 3", "held: audit 2026-14"));
    }

    @Test
    void soIsATagThatIsHeldOutsideOfThePolicy() {
        Tag held = new Tag("main-0", digest("main-0"), NOW, null, List.of(), "held by ops", null);

        assertThat(verdicts(held, tag("main-1", 40), tag("main-2", 41), tag("main-3", 42)))
                .containsSubsequence(kept("main-0", null, "held by ops"), kept("main-2", MAIN, "newest 2 of 2"));
    }

    @Test
    void aTagThatCantBeReadIsKept() {
        assertThat(verdicts(new Tag("pr-1-a", null, 0, List.of())))
                .containsExactly(kept("pr-1-a", null, "what it names can't be read"));
    }

    @Test
    void noTwoTagsHaveTheSameName() {
        assertThatIllegalArgumentException().isThrownBy(() -> verdicts(tag("v1", 1), tag("v1", 2)));
    }

    @Test
    void theLastDigestsOfATagAreKept() {
        Tag moved = new Tag(
                "main-1",
                digest("now"),
                ago(1),
                List.of(
                        new Past(digest("now"), ago(1)),
                        new Past(digest("first"), ago(90)),
                        new Past(digest("third"), ago(70)),
                        new Past(digest("second"), ago(80))));
        RepositoryVerdict verdict = PRODUCTS.decide("team/app", List.of(moved), NOW, null);

        assertThat(verdict.untagged(digest("third"), ago(70)))
                .isEqualTo(new Untagged.Kept(UNTAGGED, "one of the last 2 that main-1 named before"));
        assertThat(verdict.untagged(digest("second"), ago(80))).isInstanceOf(Untagged.Kept.class);
        assertThat(verdict.untagged(digest("first"), ago(90)))
                .isEqualTo(new Untagged.Goes(UNTAGGED, "its tag moved 80d ago, kept for 14d"));
        assertThat(verdict.untagged(digest("now"), ago(90))).isEqualTo(new Untagged.Kept(null, "main-1 names it"));
        assertThat(verdict.untagged(digest("other"), ago(15)))
                .isEqualTo(new Untagged.Goes(UNTAGGED, "pushed 15d ago, kept for 14d"));
        assertThat(verdict.untagged(digest("other"), ago(13)))
                .isEqualTo(new Untagged.Kept(UNTAGGED, "pushed 13d ago, kept for 14d"));
        assertThat(verdict.untagged(digest("audited"), ago(100)))
                .isEqualTo(new Untagged.Kept("hold, line 3", "held: audit 2026-14"));
    }

    @Test
    void withoutAWordOnUntaggedManifestsWhatLosesItsTagGoesWithIt() {
        Policy policy =
                Policy.parse("policies: [{ name: p, repositories: ['**'], tags: [{ match: [old], keep: none }] }]");
        RepositoryVerdict verdict = policy.decide("app", List.of(tag("old", 1), tag("new", 1)), NOW, null);

        assertThat(verdict.untagged(digest("old"), ago(1))).isEqualTo(new Untagged.Goes(null, "its tag old goes"));
        assertThat(verdict.untagged(digest("new"), ago(1))).isEqualTo(new Untagged.Kept(null, "new names it"));
        assertThat(verdict.untagged(digest("none"), ago(1))).isEqualTo(new Untagged.Undecided());
    }

    @Test
    void aTagThatCantBeReadMayNameAnyManifest() {
        assertThat(PRODUCTS.decide("team/app", List.of(new Tag("old", null, 0, List.of())), NOW, null)
                        .untagged(digest("any"), ago(90)))
                .isEqualTo(new Untagged.Kept(null, "old may name it, and can't be read"));
    }

    @Test
    void aHoldOfRepositoriesAloneHoldsAllInThem() {
        Policy policy = Policy.parse("""
            hold: [{ repositories: [app] }]
            policies:
              - { name: p, repositories: ['**'], tags: [{ match: ['*'], keep: none }], untagged: { deleteAfter: 0 } }
            """);

        assertThat(policy.decide("app", List.of(tag("v1", 1)), NOW, null).tags())
                .containsExactly(kept("v1", "hold, line 1", "held"));
        assertThat(policy.decide("app", List.of(), NOW, null).untagged(digest("any"), ago(1)))
                .isEqualTo(new Untagged.Kept("hold, line 1", "held"));
        assertThat(policy.decide("other", List.of(), NOW, null).untagged(digest("any"), ago(1)))
                .isInstanceOf(Untagged.Goes.class);
    }

    @Test
    void aTagMovedOnAtTheNextPushOfAnother() {
        Tag moved = new Tag(
                "main-1",
                digest("now"),
                ago(1),
                List.of(
                        new Past(digest("now"), ago(1)),
                        new Past(digest("now"), ago(20)),
                        new Past(digest("a"), ago(21)),
                        new Past(digest("b"), ago(22)),
                        new Past(digest("before"), ago(30))));

        assertThat(PRODUCTS.decide("team/app", List.of(moved), NOW, null).untagged(digest("before"), ago(30)))
                .isEqualTo(new Untagged.Goes(UNTAGGED, "its tag moved 22d ago, kept for 14d"));
    }

    @Test
    void whereThePolicyDoesNotSayUntaggedManifestsAreUndecided() {
        assertThat(PRODUCTS.decide("other", List.of(), NOW, null).untagged(digest("any"), ago(90)))
                .isEqualTo(new Untagged.Undecided());
    }

    private static final String MAIN = "products, line 10: main-*";
    private static final String UNTAGGED = "products, line 15: untagged";

    private static List<TagVerdict> verdicts(Tag... tags) {
        return PRODUCTS.decide("team/app", Arrays.asList(tags), NOW, null).tags();
    }

    private static TagVerdict kept(String tag, String rule, String why) {
        return new TagVerdict(tag, true, rule, why, null);
    }

    private static TagVerdict goes(String tag, String rule, String why) {
        return new TagVerdict(tag, false, rule, why, null);
    }

    private static long ago(int days) {
        return NOW - Duration.ofDays(days).toMillis();
    }
}
