package dev.tidemark.evidence.explain;

import static dev.tidemark.testkit.TestIndex.OLD;
import static dev.tidemark.testkit.TestIndex.YOUNG;
import static dev.tidemark.testkit.TestIndex.config;
import static dev.tidemark.testkit.TestIndex.digest;
import static dev.tidemark.testkit.TestIndex.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.explain.TagExplanation.Bytes;
import dev.tidemark.evidence.explain.TagExplanation.Node;
import dev.tidemark.testkit.TestIndex;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The image of a tag, by one run's index. Images have a manifest of 10 bytes; configs and layers have 100. */
class TagExplanationTest extends ExplainedRun<TagExplanation> {

    TagExplanationTest() {
        super(TagExplanation.class);
    }

    @Test
    void theTreeIsTheWholeImage() {
        app.tag("v1", app.index("i", app.image("amd64", "base", "top"), app.image("arm64")));

        TagExplanation tag = explain("team/app:v1");

        assertThat(tree(tag.tree())).isEqualTo("index(manifest(config layer layer) manifest(config layer))");
        assertThat(tag.verdict()).isEqualTo(DigestVerdict.KEPT);
        assertThat(tag.digest()).isEqualTo(digest("index i"));
        assertThat(tag.kept().rule()).isEqualTo("tag");
        assertThat(tag.total()).isEqualTo(new Bytes(8, 530));
        assertThat(tag.own()).isEqualTo(tag.total());
        assertThat(tag.shared()).isEqualTo(Bytes.NONE);
    }

    @Test
    void aBlobThatAnotherImageUsesIsShared() {
        app.tag("v1", app.image("x", "base", "top"));
        index.repo("other").tag("v9", index.repo("other").image("y", "base"));

        TagExplanation tag = explain("team/app:v1");

        assertThat(tag.own()).isEqualTo(new Bytes(3, 210));
        assertThat(tag.shared()).isEqualTo(new Bytes(1, 100));
        Node base = tag.tree().children().get(1);
        assertThat(base.own()).isFalse();
        assertThat(base.sharedWith()).isEqualTo("other@" + digest("image y"));
    }

    @Test
    void aReferrerOfTheImageIsUnderTheTagToo() {
        String image = app.image("x");
        app.tag("v1", image);
        app.referrer("signature", app.referrer("sbom", image));
        index.repo("mirror").referrer("elsewhere", image);

        TagExplanation tag = explain("team/app:v1");

        assertThat(tree(tag.tree())).isEqualTo("manifest(config layer referrer(config referrer(config)))");
        assertThat(tag.own()).isEqualTo(new Bytes(7, 430));
        assertThat(tag.shared()).isEqualTo(Bytes.NONE);
    }

    @Test
    void aReferrerIsSharedIfSomethingElseKeepsIt() {
        String image = app.image("x");
        app.tag("v1", image).tag("v2", app.index("i", app.referrer("listed", image)));
        app.tag("v3", app.index("j", image));

        TagExplanation tag = explain("team/app:v2");

        assertThat(tree(tag.tree())).isEqualTo("index(manifest(config))");
        assertThat(tag.own()).isEqualTo(new Bytes(1, 10));
        assertThat(tag.tree().children().getFirst().sharedWith()).isEqualTo("team/app@" + image);
    }

    @Test
    void aBlobThatOnlyGarbageUsesIsOwn() {
        app.tag("v1", app.image("x", "base"));
        app.image("dead", "base");

        assertThat(explain("team/app:v1").shared()).isEqualTo(Bytes.NONE);
    }

    @Test
    void anotherTagOfTheSameImageSharesAllOfIt() {
        app.tag("v1", app.image("x")).tag("latest", digest("image x"));

        TagExplanation tag = explain("team/app:v1");

        assertThat(tag.own()).isEqualTo(Bytes.NONE);
        assertThat(tag.alsoTagged()).containsExactly("latest");
        assertThat(tag.tree().sharedWith()).isEqualTo("team/app:latest");
        assertThat(tag.tree().children()).extracting(Node::own).containsOnly(false);
    }

    @Test
    void anotherTagOfAnImageInTheIndexSharesThatImage() {
        app.tag("v1", app.index("i", app.image("amd64"), app.image("arm64"))).tag("v1-arm64", digest("image arm64"));

        TagExplanation tag = explain("team/app:v1");

        assertThat(tag.own()).isEqualTo(new Bytes(4, 220));
        assertThat(tag.shared()).isEqualTo(new Bytes(3, 210));
    }

    @Test
    void itsOwnAgeSharesNothing() {
        app.tag("v1", app.image(YOUNG, "x"));
        app.link(digest("mount"), YOUNG, null, null);

        assertThat(explain("team/app:v1").shared()).isEqualTo(Bytes.NONE);
    }

    @Test
    void aPinnedBlobIsShared() {
        app.tag("v1", app.image("x"));
        app.manifest(OLD, digest("odd"), null, "it is empty", List.of(), List.of(layer("x")));

        assertThat(explain("team/app:v1").shared()).isEqualTo(new Bytes(1, 100));
        assertThat(explain("team/app:v1").own()).isEqualTo(new Bytes(2, 110));
    }

    @Test
    void whereUntaggedManifestsStayTheTagTakesThoseOfItsOwnRepositoryAlong() {
        index.keepUntagged();
        app.tag("v1", app.index("i", app.image("amd64"), app.image("arm64")));
        index.repo("mirror").image("arm64");
        app.image("untagged", "amd64");

        TagExplanation tag = explain("team/app:v1");

        // The mirror's arm64 stays with all of it, and so does the layer of the untagged image.
        assertThat(tag.shared()).isEqualTo(new Bytes(4, 310));
        assertThat(tag.own()).isEqualTo(new Bytes(3, 120));
    }

    @Test
    void aLayerThatTwoPlatformsUseIsCountedOnce() {
        app.tag("v1", app.index("i", app.image("amd64", "base"), app.image("arm64", "base")));

        assertThat(explain("team/app:v1").total()).isEqualTo(new Bytes(6, 330));
    }

    @Test
    void aDigestFurtherUpInTheTreeIsNotShownAgain() {
        String image = app.image("x");
        app.tag("v1", app.index("outer", app.index("inner", image), image));

        TagExplanation tag = explain("team/app:v1");

        assertThat(tree(tag.tree())).isEqualTo("index(index(manifest(config layer)) manifest)");
        assertThat(tag.tree().children().getLast().again()).isTrue();
    }

    @Test
    void manyWaysToTheSameTakeNoTime() {
        String below = app.image("x");
        for (int i = 0; i < 60; i++) {
            below = app.index("twice " + i, app.index("left " + i, below), app.index("right " + i, below));
        }
        app.tag("v1", below);

        assertThat(explain("team/app:v1").total().blobs()).isEqualTo(183);
    }

    @Test
    void missingDigestsAreMarkedAndForeignLayersAreNot() {
        app.push(config("x"), 7)
                .tag(
                        "v1",
                        app.manifest(
                                OLD,
                                digest("image x"),
                                TestIndex.IMAGE,
                                null,
                                List.of(config("x"), digest("lost")),
                                List.of(digest("foreign"))));

        TagExplanation tag = explain("team/app:v1");

        assertThat(tag.missing()).isEqualTo(1);
        assertThat(tag.tree().children()).extracting(Node::missing).containsExactly(false, true, false);
        assertThat(tag.tree().children()).extracting(Node::foreign).containsExactly(false, false, true);
    }

    @Test
    void aBlobOfAnotherSizeThanItsManifestSaysIsBroken() {
        app.tag("v1", app.image("x", "right", "short", "unsaid"));
        app.saying(config("x"), 100).saying(layer("right"), 100).saying(layer("short"), 101);

        TagExplanation tag = explain("team/app:v1");

        assertThat(tag.wrongSizes()).isEqualTo(1);
        assertThat(tag.missing()).isZero();
        assertThat(tag.tree().children()).extracting(Node::said).containsExactly(null, null, 101L, null);
        assertThat(tag.tree().children()).extracting(Node::size).containsOnly(100L);
    }

    /** A link out of the root is not followed. */
    @Test
    void ofABlobThatNobodyCouldLookAtNoSizeIsWrong() {
        app.tag("v1", app.image("x"));
        app.saying(layer("x"), 100);
        index.blob(layer("x"), 0, 0, "a symbolic link out of the root");

        assertThat(explain("team/app:v1").wrongSizes()).isZero();
    }

    @Test
    void aLinkThatNamesAnotherBlobIsNotMissing() {
        String sha512 = "sha512:" + "ab".repeat(64);
        app.push(config("x"), 7).link(sha512, OLD, digest("stored"), null).push(digest("stored"), 9);
        app.tag(
                "v1",
                app.manifest(OLD, digest("image x"), TestIndex.IMAGE, null, List.of(config("x"), sha512), List.of()));

        assertThat(explain("team/app:v1").missing()).isZero();
        assertThat(explain("team/app:v1").total()).isEqualTo(new Bytes(3, 26));
    }

    private static String tree(Node node) {
        String below = node.children().stream().map(TagExplanationTest::tree).collect(Collectors.joining(" "));
        return node.what() + (below.isEmpty() ? "" : "(" + below + ")");
    }
}
