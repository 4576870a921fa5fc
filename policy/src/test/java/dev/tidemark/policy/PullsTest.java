package dev.tidemark.policy;

import static dev.tidemark.policy.TestTags.LONG_AGO;
import static dev.tidemark.policy.TestTags.NOW;
import static dev.tidemark.policy.TestTags.pulled;
import static dev.tidemark.policy.TestTags.tag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PullsTest {

    private static final Policy WITHIN = policy("keepAny: { pulledWithin: 30d }");
    private static final Policy LAST = policy("keepAny: { newestPulled: 2 }");

    private static final long TEN_DAYS_AGO = NOW - Duration.ofDays(10).toMillis();

    @Test
    void aTagThatWasPulledLatelyStaysUntilThatIsLongAgo() {
        assertThat(verdicts(WITHIN, LONG_AGO, pulled(tag("a", 90), 3), pulled(tag("b", 90), 40)))
                .containsExactly(
                        kept(
                                "a",
                                "pulled 3d ago, kept for 30d",
                                NOW + Duration.ofDays(27).toMillis()),
                        goes("b", "pulled 40d ago, kept for 30d"));
    }

    @Test
    void aPushCountsAsAPull() {
        assertThat(verdicts(WITHIN, LONG_AGO, tag("a", 3), tag("b", 40), pulled(tag("c", 5), 40)))
                .containsExactly(
                        kept(
                                "a",
                                "not pulled, pushed 3d ago, kept for 30d",
                                NOW + Duration.ofDays(27).toMillis()),
                        goes("b", "not pulled, pushed 40d ago, kept for 30d"),
                        kept(
                                "c",
                                "not pulled, pushed 5d ago, kept for 30d",
                                NOW + Duration.ofDays(25).toMillis()));
    }

    @Test
    void withoutEventsEverythingCountsAsPulled() {
        assertThat(verdicts(WITHIN, null, tag("a", 90)))
                .containsExactly(kept("a", "no events are collected: counts as pulled", null));
        assertThat(verdicts(LAST, null, tag("a", 90), tag("b", 80), tag("c", 70)))
                .containsExactly(
                        kept("a", "no events are collected: counts as pulled", null),
                        kept("b", "no events are collected: counts as pulled", null),
                        kept("c", "no events are collected: counts as pulled", null));
    }

    @Test
    void untilEventsAreOlderThanTheWindowEverythingCountsAsPulled() {
        assertThat(verdicts(WITHIN, TEN_DAYS_AGO, tag("a", 90), pulled(tag("b", 90), 3)))
                .containsExactly(
                        kept(
                                "a",
                                "events since 2026-05-18T20:26:40Z: counts as pulled",
                                NOW + Duration.ofDays(20).toMillis()),
                        kept(
                                "b",
                                "pulled 3d ago, kept for 30d",
                                NOW + Duration.ofDays(27).toMillis()));
        assertThat(verdicts(policy("keepAny: { pulledWithin: 7d }"), TEN_DAYS_AGO, tag("a", 90)))
                .containsExactly(goes("a", "not pulled, pushed 90d ago, kept for 7d"));
    }

    @Test
    void theLastThatWerePulledStay() {
        assertThat(verdicts(
                        LAST, LONG_AGO, pulled(tag("a", 90), 3), tag("b", 20), pulled(tag("c", 30), 25), tag("d", 2)))
                .containsExactly(
                        kept("a", "newest pulled 2 of 2", null),
                        goes("b", "newest pulled 3, and 2 are kept"),
                        goes("c", "newest pulled 4, and 2 are kept"),
                        kept("d", "newest pulled 1 of 2", null));
    }

    /** Its last pull may be later than that of others of which nobody knows either. */
    @Test
    void whereFewerPullsAreKnownThanAreKeptTheOthersStay() {
        assertThat(verdicts(LAST, TEN_DAYS_AGO, pulled(tag("a", 90), 3), pulled(tag("b", 90), 40), tag("c", 90)))
                .containsExactly(
                        kept("a", "newest pulled 1 of 2", null),
                        kept("b", "events since 2026-05-18T20:26:40Z: counts as pulled", null),
                        kept("c", "events since 2026-05-18T20:26:40Z: counts as pulled", null));
        assertThat(verdicts(LAST, TEN_DAYS_AGO, pulled(tag("a", 90), 3), pulled(tag("b", 90), 4), tag("c", 90)))
                .contains(goes("c", "newest pulled 3, and 2 are kept"));
    }

    @Test
    void theyAreConditionsAmongOthers() {
        Policy all = policy("keepAll: { pushedWithin: 20d, pulledWithin: 5d }");
        assertThat(verdicts(all, LONG_AGO, pulled(tag("a", 10), 1), pulled(tag("b", 10), 6), pulled(tag("c", 30), 1)))
                .containsExactly(
                        kept(
                                "a",
                                "pushed 10d ago, kept for 20d, pulled 24h ago, kept for 5d",
                                NOW + Duration.ofDays(4).toMillis()),
                        goes("b", "pulled 6d ago, kept for 5d"),
                        goes("c", "pushed 30d ago, kept for 20d"));
        Policy any = policy("keepAny: { pushedWithin: 20d, pulledWithin: 5d }");
        assertThat(verdicts(any, LONG_AGO, pulled(tag("a", 10), 1)))
                .containsExactly(kept(
                        "a",
                        "pushed 10d ago, kept for 20d, pulled 24h ago, kept for 5d",
                        NOW + Duration.ofDays(10).toMillis()));
    }

    @Test
    void theLastArePulledOfEachGroup() {
        Policy groups = Policy.parse("""
            policies:
              - name: p
                repositories: ["**"]
                tags:
                  - match: ['/(\\w)-.*/']
                    groupBy: 1
                    keepAny: { newestPulled: 1 }
            """);
        assertThat(verdicts(groups, LONG_AGO, pulled(tag("a-1", 9), 1), tag("a-2", 8), tag("b-1", 7)))
                .extracting(TagVerdict::tag, TagVerdict::kept, TagVerdict::why)
                .containsExactly(
                        tuple("a-1", true, "newest pulled 1 of 1 of 'a'"),
                        tuple("a-2", false, "newest pulled 2, and 1 are kept of 'a'"),
                        tuple("b-1", true, "newest pulled 1 of 1 of 'b'"));
    }

    @Test
    void aPolicyKnowsWhetherItAsks() {
        assertThat(WITHIN.asksForPulls()).isTrue();
        assertThat(LAST.asksForPulls()).isTrue();
        assertThat(policy("keepAny: { newest: 1, pushedWithin: 1d }").asksForPulls())
                .isFalse();
        assertThat(policy("keep: none").asksForPulls()).isFalse();
    }

    private static Policy policy(String keep) {
        return Policy.parse(
                "policies: [{ name: p, repositories: ['**'], tags: [{ match: ['*'], %s }] }]".formatted(keep));
    }

    private static List<TagVerdict> verdicts(Policy policy, Long since, Tag... tags) {
        return policy.decide("app", Arrays.asList(tags), NOW, since).tags();
    }

    private static TagVerdict kept(String tag, String why, Long until) {
        return new TagVerdict(tag, true, "p, line 1: *", why, until);
    }

    private static TagVerdict goes(String tag, String why) {
        return new TagVerdict(tag, false, "p, line 1: *", why, null);
    }
}
