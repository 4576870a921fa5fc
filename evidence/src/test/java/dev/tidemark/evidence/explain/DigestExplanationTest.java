package dev.tidemark.evidence.explain;

import static dev.tidemark.testkit.TestIndex.OLD;
import static dev.tidemark.testkit.TestIndex.YOUNG;
import static dev.tidemark.testkit.TestIndex.config;
import static dev.tidemark.testkit.TestIndex.digest;
import static dev.tidemark.testkit.TestIndex.index;
import static dev.tidemark.testkit.TestIndex.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.PolicyText;
import dev.tidemark.testkit.TestIndex;
import dev.tidemark.testkit.TestRepository;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Explanations of a digest, by one run's index. */
class DigestExplanationTest {

    private final TestIndex index = index();
    private final TestRepository app = index.repo("team/app");

    @Test
    void aLayerIsKeptByTheWayFromItsTag() {
        app.tag("v1", app.index("i", app.image("amd64", "base", "top"), app.image("arm64")));

        DigestExplanation layer = explain(layer("top"));

        assertThat(layer.verdict()).isEqualTo(DigestVerdict.KEPT);
        assertThat(layer.is()).containsExactly("layer");
        assertThat(layer.size()).isEqualTo(100);
        assertThat(layer.kept().rule()).isEqualTo("tag");
        assertThat(way(layer.kept())).isEqualTo("tag v1 > index > manifest > layer");
        assertThat(layer.kept().steps()).last().extracting(Step::digest).isEqualTo(layer("top"));
        assertThat(layer.fate()).isNull();
        assertThat(layer.contradiction()).isNull();
    }

    @Test
    void aManifestThatAPolicyLetsGoSaysForWhichTag() {
        app.going("v1", app.image("x"), "all, line 3: v*", "newest 2, and 1 are kept");
        index.keepUntagged().eligible();

        for (String subject : List.of(digest("image x"), "team/app@" + digest("image x"))) {
            assertThat(explain(subject).verdict()).isEqualTo(DigestVerdict.ELIGIBLE);
            assertThat(explain(subject).fate().reason())
                    .endsWith("; its tag v1 goes by all, line 3: v*: newest 2, and 1 are kept");
        }
    }

    @Test
    void aManifestThatAPolicyKeepsSaysWhy() {
        String why = PolicyText.keeps("all", "one of the last 2 that v1 named before");
        app.manifest(OLD, digest("previous"), TestIndex.IMAGE, why, List.of(), List.of());

        assertThat(explain(digest("previous")).kept().because()).isEqualTo(why);
    }

    @Test
    void aConfigIsToldFromALayer() {
        app.tag("v1", app.image("x"));

        assertThat(explain(config("x")).is()).containsExactly("config");
        assertThat(way(explain(config("x")).kept())).isEqualTo("tag v1 > manifest > config");
    }

    @Test
    void theShortestWayIsShown() {
        app.tag("all", app.index("outer", app.index("inner", app.image("x"))));
        index.repo("other").tag("v2", index.repo("other").image("x"));

        assertThat(way(explain(layer("x")).kept())).isEqualTo("tag v2 > manifest > layer");
        assertThat(explain(layer("x")).kept().repository()).isEqualTo("other");
    }

    @Test
    void inOneRepositoryTheWayThatLeadsThereIsShown() {
        app.tag("all", app.index("outer", app.index("inner", app.image("x"))));
        index.repo("other").tag("v2", index.repo("other").image("x"));

        DigestExplanation here = explain("team/app@" + layer("x"));

        assertThat(here.repository()).isEqualTo("team/app");
        assertThat(here.kept().steps()).extracting(Step::repository).containsOnly("team/app", "other");
        assertThat(here.kept().steps()).last().extracting(Step::repository).isEqualTo("team/app");
        assertThat(here.holdings())
                .extracting(DigestExplanation.Holding::repository)
                .containsExactly("team/app");
    }

    @Test
    void otherReferencesAreCounted() {
        for (int i = 0; i < 7; i++) {
            app.tag("v" + i, app.image("x" + i, "base"));
            index.repo("other").tag("v" + i, index.repo("other").image("y" + i, "base"));
        }
        app.image("dead", "base");

        DigestExplanation base = explain(layer("base"));

        assertThat(base.references().parents()).isEqualTo(15);
        assertThat(base.references().live()).isEqualTo(14);
        assertThat(base.references().tags()).isEqualTo(14);
        assertThat(base.references().repositories()).isEqualTo(2);
        assertThat(base.references().examples()).hasSize(DigestExplanation.References.LISTED);
        assertThat(base.holders()).isEqualTo(2);
    }

    @Test
    void eachRuleIsSaid() {
        app.image(YOUNG, "young");
        index.blob(digest("upload"), 5, YOUNG, null);
        app.link(digest("mounted"), YOUNG, null, null).and().blob(digest("mounted"), 5);
        index.blob(digest("behind a link"), 5, OLD, "a symbolic link out of the root");
        app.manifest(
                OLD,
                digest("odd"),
                "application/x-odd",
                "its media type is unknown",
                List.of(),
                List.of(digest("named")));
        index.blob(digest("named"), 5);
        app.link(digest("beside"), OLD, null, "in a repository with a manifest that can't be understood")
                .and()
                .blob(digest("beside"), 5);

        assertThat(Map.of(
                        "layer of a young manifest", rule(layer("young")),
                        "upload", rule(digest("upload")),
                        "mounted", rule(digest("mounted")),
                        "behind a link", rule(digest("behind a link")),
                        "odd", rule(digest("odd")),
                        "named", rule(digest("named")),
                        "beside", rule(digest("beside"))))
                .isEqualTo(Map.of(
                        "layer of a young manifest", "young-manifest team/app 1970-01-01T00:33:20Z: manifest > layer",
                        "upload", "young-blob null 1970-01-01T00:33:20Z: blob",
                        "mounted", "young-link team/app 1970-01-01T00:33:20Z: link",
                        "behind a link", "pinned null a symbolic link out of the root: blob",
                        "odd", "pinned team/app its media type is unknown: manifest",
                        "named", "pinned team/app its media type is unknown: manifest > blob",
                        "beside", "pinned team/app in a repository with a manifest that can't be understood: link"));
    }

    @Test
    void anUntaggedManifestIsARootWhereTheRunKeepsThem() {
        index.keepUntagged();
        String image = app.image("x");

        assertThat(rule(image)).isEqualTo("untagged-root team/app null: manifest");
        assertThat(explain(image).is()).containsExactly("manifest");
    }

    @Test
    void aLinkThatNamesAnotherDigestKeepsThat() {
        String sha512 = "sha512:" + "ab".repeat(64);
        app.manifest(OLD, digest("image x"), TestIndex.IMAGE, null, List.of(config("x"), sha512), List.of());
        app.push(config("x"), 7)
                .link(sha512, OLD, digest("stored"), null)
                .tag("v1", digest("image x"))
                .push(digest("stored"), 9);

        DigestExplanation stored = explain(digest("stored"));

        assertThat(stored.verdict()).isEqualTo(DigestVerdict.KEPT);
        assertThat(way(stored.kept())).isEqualTo("tag v1 > manifest > layer > blob");
        assertThat(explain(sha512).holdings().getFirst().names()).isEqualTo(digest("stored"));
    }

    @Test
    void aReferrerIsKeptByItsSubjectWhereThatIsHeld() {
        String image = app.image("x");
        app.tag("v1", image);
        String sbom = app.referrer("sbom", image);
        String signature = app.referrer("signature", sbom);
        String elsewhere = index.repo("mirror").referrer("elsewhere", image);
        index.swept();

        DigestExplanation kept = explain(signature);

        assertThat(kept.verdict()).isEqualTo(DigestVerdict.KEPT);
        assertThat(way(kept.kept())).isEqualTo("tag v1 > manifest > referrer > referrer");
        assertThat(kept.kept().steps().getLast().mediaType()).isEqualTo(TestIndex.IMAGE);
        assertThat(kept.subject()).isEqualTo(sbom);
        assertThat(way(explain("team/app@" + sbom).kept())).isEqualTo("tag v1 > manifest > referrer");
        assertThat(way(explain(layer("signature")).kept()))
                .isEqualTo("tag v1 > manifest > referrer > referrer > config");
        assertThat(explain(layer("signature")).references().tags()).isEqualTo(1);
        assertThat(explain(elsewhere).verdict()).isEqualTo(DigestVerdict.DELETED);
        assertThat(explain(elsewhere).subject()).isEqualTo(image);
    }

    @Test
    void aSubjectIsNotKeptByWhatRefersToIt() {
        String image = app.image("x");
        app.tag("sbom", app.referrer("sbom", image));
        index.swept();

        assertThat(explain(image).verdict()).isEqualTo(DigestVerdict.DELETED);
        assertThat(explain(digest("referrer sbom")).verdict()).isEqualTo(DigestVerdict.KEPT);
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
    void aDigestCanBeAManifestAndALayer() {
        String image = app.image("x");
        index.repo("artifacts")
                .push(image, 10)
                .tag(
                        "v1",
                        index.repo("artifacts")
                                .manifest(
                                        OLD,
                                        digest("image of images"),
                                        TestIndex.IMAGE,
                                        null,
                                        List.of(config("y"), image),
                                        List.of()));

        assertThat(explain(image).is()).containsExactly("manifest", "layer");
        assertThat(explain(image).verdict()).isEqualTo(DigestVerdict.KEPT);
        // A digest that is live and held as a manifest keeps all that it references, whatever parent made it live.
        assertThat(way(explain(layer("x")).kept())).isEqualTo("tag v1 > manifest > layer > layer");
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

    @Test
    void aBeginningIsEnoughIfOnlyOneHasIt() {
        index.blob("sha256:abcdef1" + "0".repeat(57), 1)
                .blob("sha256:abcdef2" + "0".repeat(57), 1)
                .blob("sha512:abcdef10" + "0".repeat(120), 1);

        assertThat(explain("sha256:ABCDEF1").digest()).startsWith("sha256:abcdef10");
        assertThat(explain("abcdef2").digest()).startsWith("sha256:abcdef20");
        assertThat(matches("sha256:abcdef"))
                .containsExactly("sha256:abcdef1" + "0".repeat(57), "sha256:abcdef2" + "0".repeat(57));
        assertThat(matches("abcdef1"))
                .containsExactly("sha256:abcdef1" + "0".repeat(57), "sha512:abcdef10" + "0".repeat(120));
    }

    private List<String> matches(String text) {
        return catchThrowableOfType(UnknownSubjectException.class, () -> explain(text))
                .matches();
    }

    private DigestExplanation explain(String text) {
        return (DigestExplanation) RecordingPastRuns.of(index).explain(text);
    }

    private String rule(String digest) {
        Chain kept = explain(digest).kept();
        return kept.rule() + " " + kept.repository() + " " + kept.because() + ": " + way(kept);
    }

    private static String way(Chain chain) {
        return chain.steps().stream()
                .map(step -> step.what() + (step.tag() == null ? "" : " " + step.tag()))
                .collect(Collectors.joining(" > "));
    }
}
