package dev.tidemark.evidence.explain;

import static dev.tidemark.testkit.TestIndex.digest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.explain.TagExplanation.ByPolicy;
import org.junit.jupiter.api.Test;

/** What became of a tag and why, by one run's index. */
class TagFateTest extends ExplainedRun<TagExplanation> {

    TagFateTest() {
        super(TagExplanation.class);
    }

    @Test
    void aTagThatAPolicyKeepsSaysByWhichRuleAndUntilWhen() {
        app.kept("v1", app.image("x"), "all, line 3: v*", "pushed 3d ago, kept for 30d", 1_000_000L);

        TagExplanation tag = explain("team/app:v1");

        assertThat(tag.verdict()).isEqualTo(DigestVerdict.KEPT);
        assertThat(tag.byPolicy())
                .isEqualTo(new ByPolicy(
                        true,
                        "all",
                        "all, line 3: v*",
                        "pushed 3d ago, kept for 30d",
                        "1970-01-01T00:16:40Z",
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    @Test
    void aTagThatWasPutBackFromTheTrashSaysSo() {
        app.going("v1", app.image("x"), "all, line 3: v*", "newest 2, and 1 are kept");
        index.eligible()
                .tagDeletion("team/app", "v1", digest("image x"), "deleted", null)
                .tagRestored("team/app", "v1", digest("image x"), "its run is undone");

        TagExplanation tag = explain("team/app:v1");

        assertThat(tag.verdict()).isEqualTo(DigestVerdict.RESTORED);
        assertThat(tag.byPolicy().trash())
                .isEqualTo(new Fate.Trash(null, "restored", "1970-01-01T00:50:01Z", "its run is undone", null));
    }

    @Test
    void aTagThatAPolicyLetsGoSaysByWhichRuleAndWhatBecameOfIt() {
        String why = "newest 2, and 1 are kept";
        app.going("v1", app.image("x"), "all, line 3: v*", why).going("v2", app.image("y"), "all, line 3: v*", why);
        index.eligible()
                .tagDeletion("team/app", "v2", digest("image y"), "spared", "the tag names another manifest by now");

        assertThat(explain("team/app:v1").verdict()).isEqualTo(DigestVerdict.ELIGIBLE);
        assertThat(explain("team/app:v1").byPolicy())
                .isEqualTo(new ByPolicy(false, "all", "all, line 3: v*", why, null, null, null, null, null, null));
        assertThat(explain("team/app:v2").verdict()).isEqualTo(DigestVerdict.SPARED);
        assertThat(explain("team/app:v2").byPolicy())
                .isEqualTo(new ByPolicy(
                        false,
                        "all",
                        "all, line 3: v*",
                        why,
                        null,
                        null,
                        null,
                        "the tag names another manifest by now",
                        "1970-01-01T00:50:00Z",
                        null));
    }

    @Test
    void aTagThatGoesKeepsNothing() {
        app.tag("v2", app.image("x")).going("v1", digest("image x"), "all, line 3: v1", "keep: none");

        assertThat(explain("team/app:v2").own())
                .isEqualTo(explain("team/app:v2").total());
        assertThat(explain("team/app:v1").kept().steps().getFirst().tag()).isEqualTo("v2");
    }

    @Test
    void aTagOfWhatIsNotThereIsDangling() {
        app.tag("v1", app.dangling("x"));
        index.problem("team/app:v2", "it names sha256:abc, which the repository does not hold");

        assertThat(explain("team/app:v1").verdict()).isEqualTo(DigestVerdict.DANGLING);
        assertThat(explain("team/app:v2").verdict()).isEqualTo(DigestVerdict.DANGLING);
        assertThat(explain("team/app:v2").problem()).contains("which the repository does not hold");
    }

    @Test
    void itsPastIsKnown() {
        String before = app.image("before");
        app.tag("v1", app.image("x")).past("v1", before).past("v1", digest("image x"));
        index.swept();

        assertThat(explain("team/app:v1").past())
                .containsExactly(new TagExplanation.Past(before, DigestVerdict.DELETED));
    }

    @Test
    void aTagThatIsNoMoreIsKnownByItsPast() {
        app.past("v1", app.image("before"));
        index.swept();

        TagExplanation tag = explain("team/app:v1");

        assertThat(tag.verdict()).isEqualTo(DigestVerdict.ABSENT);
        assertThat(tag.tree()).isNull();
        assertThat(tag.image().digest()).isEqualTo(digest("image before"));
        assertThat(tag.image().verdict()).isEqualTo(DigestVerdict.DELETED);
    }
}
