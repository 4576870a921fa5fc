package dev.tidemark.evidence.explain;

import static dev.tidemark.testkit.TestIndex.OLD;
import static dev.tidemark.testkit.TestIndex.config;
import static dev.tidemark.testkit.TestIndex.digest;
import static dev.tidemark.testkit.TestIndex.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.testkit.TestIndex;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Explanations of a digest that is gone, is to go, or is not whole, by one run's index. */
class DigestFateTest extends ExplainedRun<DigestExplanation> {

    DigestFateTest() {
        super(DigestExplanation.class);
    }

    @Test
    void anEligibleDigestHasNoChain() {
        String image = app.image("x");
        index.dryRun().eligible();

        DigestExplanation manifest = explain(image);

        assertThat(manifest.verdict()).isEqualTo(DigestVerdict.ELIGIBLE);
        assertThat(manifest.kept()).isNull();
        assertThat(manifest.fate())
                .isEqualTo(new DigestExplanation.Fate("blob", "nothing live references it", null, 10, null, null));
        assertThat(manifest.run().dryRun()).isTrue();
        assertThat(manifest.counts()).containsEntry("manifest", Map.of("found", 1L, "eligible", 1L));
        assertThat(manifest.holdings().getFirst().manifest()).isEqualTo(DigestVerdict.ELIGIBLE);
        assertThat(explain(layer("x")).references().live()).isZero();
    }

    @Test
    void aDigestThatWasPutBackSaysWhy() {
        app.image("x");
        index.swept();
        index.restored("blob", layer("x"), null, "a link written since leads to it");

        DigestExplanation layer = explain(layer("x"));

        assertThat(layer.verdict()).isEqualTo(DigestVerdict.RESTORED);
        assertThat(layer.fate().at()).isEqualTo("1970-01-01T00:50:00Z");
        assertThat(layer.fate().trash())
                .isEqualTo(new DigestExplanation.Fate.Trash(
                        null, "restored", "1970-01-01T00:50:01Z", "a link written since leads to it", null));
    }

    @Test
    void aDeletedDigestSaysHowManyBytesWereFreed() {
        String image = app.image("x");
        index.swept();

        DigestExplanation layer = explain(layer("x"));

        assertThat(layer.verdict()).isEqualTo(DigestVerdict.DELETED);
        assertThat(layer.fate().bytes()).isEqualTo(100);
        assertThat(layer.fate().at()).isEqualTo("1970-01-01T00:50:00Z");
        assertThat(layer.run().by()).isEqualTo("ada");
        assertThat(layer.counts().get("layer")).containsEntry("deleted", 1L);
        assertThat(explain("team/app@" + image).fate().kind()).isEqualTo("manifest");
    }

    @Test
    void aFailedOrSparedDeletionSaysWhy() {
        index.blob(digest("a"), 5).blob(digest("b"), 5);
        index.eligible()
                .deletion("blob", digest("a"), null, "failed", "permission denied")
                .deletion("blob", digest("b"), null, "spared", "young by now");

        assertThat(explain(digest("a")).verdict()).isEqualTo(DigestVerdict.FAILED);
        assertThat(explain(digest("a")).fate().why()).isEqualTo("permission denied");
        assertThat(explain(digest("b")).verdict()).isEqualTo(DigestVerdict.SPARED);
        assertThat(explain(digest("b")).fate().why()).isEqualTo("young by now");
    }

    @Test
    void aBareLinkInOneRepositoryIsNoLinkInAnother() {
        app.tag("v1", app.image("x", "base"));
        index.repo("old").push(layer("base"), 100);
        index.swept();

        assertThat(explain(layer("base")).verdict()).isEqualTo(DigestVerdict.KEPT);
        assertThat(explain("old@" + layer("base")).verdict()).isEqualTo(DigestVerdict.DELETED);
        assertThat(explain("team/app@" + layer("base")).verdict()).isEqualTo(DigestVerdict.KEPT);
        assertThat(explain(layer("base")).holdings().stream()
                        .collect(Collectors.toMap(
                                DigestExplanation.Holding::repository, DigestExplanation.Holding::link)))
                .isEqualTo(Map.of("team/app", DigestVerdict.KEPT, "old", DigestVerdict.DELETED));
    }

    @Test
    void aLiveDigestThatIsNotThereIsMissing() {
        app.tag("v1", app.image("x"));
        index.without(layer("x"));

        DigestExplanation missing = explain(layer("x"));

        assertThat(missing.verdict()).isEqualTo(DigestVerdict.MISSING);
        assertThat(missing.size()).isNull();
        assertThat(way(missing.kept())).isEqualTo("tag v1 > manifest > layer");
    }

    @Test
    void aBlobHasAnotherSizeThanALiveManifestSays() {
        app.image("dead", "base");
        app.saying(layer("base"), 7);
        app.tag("right", app.image("right", "base"));
        app.saying(layer("base"), 100);
        assertThat(explain(layer("base")).wrongSize()).isNull();

        app.tag("wrong", app.image("wrong", "base"));
        app.saying(layer("base"), 8);

        DigestExplanation wrong = explain(layer("base"));
        assertThat(wrong.wrongSize()).isEqualTo(new DigestExplanation.WrongSize("team/app", digest("image wrong"), 8));
        assertThat(wrong.size()).isEqualTo(100);
        assertThat(wrong.verdict()).as("it is kept").isEqualTo(DigestVerdict.KEPT);
    }

    @Test
    void aForeignLayerNeedNotBeThere() {
        app.push(config("x"), 7)
                .tag(
                        "v1",
                        app.manifest(
                                OLD,
                                digest("image x"),
                                TestIndex.IMAGE,
                                null,
                                List.of(config("x")),
                                List.of(digest("foreign"))));

        assertThat(explain(digest("foreign")).verdict()).isEqualTo(DigestVerdict.ABSENT);
        assertThat(explain(digest("foreign")).is()).containsExactly("layer");
    }

    @Test
    void aDanglingManifestIsLeftAlone() {
        String dangling = app.dangling("x");

        assertThat(explain(dangling).verdict()).isEqualTo(DigestVerdict.DANGLING);
        assertThat(explain(dangling).holdings().getFirst().manifest()).isEqualTo(DigestVerdict.DANGLING);
    }

    @Test
    void aRunThatHasNotDecidedSaysNothing() {
        app.image("x");
        index.undecided();

        assertThat(explain(layer("x")).verdict()).isEqualTo(DigestVerdict.UNDECIDED);
    }

    @Test
    void recordsThatTheTopicsHaveLostAreReported() {
        app.tag("v1", app.image("x"));
        index.lost(2);

        assertThat(explain(layer("x")).run().lost()).isEqualTo("the topics still have 3 of 5 blobs");
    }

    @Test
    void recordsThatContradictTheRulesAreReported() {
        app.tag("v1", app.image("x"));
        index.blob(digest("forgotten"), 5);
        index.eligible("blob", layer("x"), null, "20260101-000000").deletion("blob", layer("x"), null, "deleted", null);
        index.deletion("blob", config("x"), null, "deleted", null);

        assertThat(explain(layer("x")).verdict()).isEqualTo(DigestVerdict.DELETED);
        assertThat(explain(layer("x")).contradiction()).isEqualTo("the rules keep it, and yet it was eligible");
        assertThat(explain(config("x")).contradiction())
                .isEqualTo("it is said to be deleted, and it was never eligible");
        assertThat(explain(digest("forgotten")).contradiction()).isEqualTo("it is not live, and it is not eligible");
    }
}
