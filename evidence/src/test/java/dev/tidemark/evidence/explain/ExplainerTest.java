package dev.tidemark.evidence.explain;

import static dev.tidemark.testkit.TestIndex.digest;
import static dev.tidemark.testkit.TestIndex.index;
import static dev.tidemark.testkit.TestIndex.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.testkit.TestIndex;
import org.junit.jupiter.api.Test;

/** The texts that a user types, and the one of several runs that has the answer. */
class ExplainerTest {

    private final TestIndex first = index("20260101-000000");
    private final TestIndex second = index("20260102-000000");
    private final TestIndex third = index("20260103-000000");
    private final RecordingPastRuns runs = RecordingPastRuns.of(first, second, third);

    @Test
    void theLatestRunAnswersIfItCan() {
        first.repo("app").tag("v1", first.repo("app").image("x"));
        third.repo("app").tag("v1", third.repo("app").image("x"));

        assertThat(runs.explain(layer("x")).run().run()).isEqualTo("20260103-000000");
        assertThat(runs.explain("app:v1").run().run()).isEqualTo("20260103-000000");
        assertThat(runs.explain("app:v1", first).run().run()).isEqualTo("20260101-000000");
        assertThat(runs.explain("app:v1").goneIn()).isNull();
    }

    @Test
    void aGoneDigestIsFoundInTheRunThatDeletedItWithoutABuildOfTheOthers() {
        first.repo("app").tag("v1", first.repo("app").image("x"));
        second.blob(layer("x"), 100).swept();
        third.repo("app");
        runs.with(deletion(second, layer("x"), DeletionRecord.Outcome.DELETED));

        var gone = (DigestExplanation) runs.explain(layer("x"));

        assertThat(gone.run().run()).isEqualTo("20260102-000000");
        assertThat(gone.verdict()).isEqualTo(DigestVerdict.DELETED);
        assertThat(gone.unreferenced().since()).isEqualTo("20260102-000000");
        assertThat(gone.unreferenced().lastRun()).isEqualTo("20260101-000000");
        assertThat(gone.unreferenced().lastKept().steps().getFirst().tag()).isEqualTo("v1");
    }

    @Test
    void oneThatWasDeletedOutranksOneThatOnlyTried() {
        first.blob(digest("x"), 5).swept();
        second.blob(digest("x"), 5).eligible().deletion("blob", digest("x"), null, "already-gone", null);
        runs.with(deletion(first, digest("x"), DeletionRecord.Outcome.DELETED))
                .with(deletion(second, digest("x"), DeletionRecord.Outcome.ALREADY_GONE));

        assertThat(runs.explain(digest("x").substring(0, 20)).run().run()).isEqualTo("20260101-000000");
        assertThat(runs.opened()).containsExactly(first.run(), third.run());
    }

    @Test
    void aDigestThatNoRunDeletedSaysSinceWhenItIsGone() {
        first.repo("app").tag("v1", first.repo("app").image("x"));

        var gone = (DigestExplanation) runs.explain(layer("x"));

        assertThat(gone.run().run()).isEqualTo("20260101-000000");
        assertThat(gone.verdict()).isEqualTo(DigestVerdict.KEPT);
        assertThat(gone.goneIn()).isEqualTo("20260102-000000");
    }

    @Test
    void aMissingDigestSaysWhichRunDeletedIt() {
        third.repo("app").tag("v1", third.repo("app").image("x")).and().without(layer("x"));
        runs.with(deletion(first, layer("x"), DeletionRecord.Outcome.DELETED))
                .with(deletion(second, layer("x"), DeletionRecord.Outcome.ALREADY_GONE));

        var missing = (DigestExplanation) runs.explain(layer("x"));

        assertThat(missing.verdict()).isEqualTo(DigestVerdict.MISSING);
        assertThat(missing.deletedBefore().run()).isEqualTo("20260101-000000");
    }

    @Test
    void aTagThatIsGoneSaysWhatBecameOfItsImage() {
        first.repo("app").tag("v1", first.repo("app").image("x"));
        second.repo("app").image("x");
        second.swept();
        third.repo("app");
        runs.with(deletion(second, digest("image x"), DeletionRecord.Outcome.DELETED));

        var tag = (TagExplanation) runs.explain("app:v1");

        assertThat(tag.verdict()).isEqualTo(DigestVerdict.ABSENT);
        assertThat(tag.digest()).isEqualTo(digest("image x"));
        assertThat(tag.run().run()).isEqualTo("20260101-000000");
        assertThat(tag.goneIn()).isEqualTo("20260102-000000");
        assertThat(tag.image().run().run()).isEqualTo("20260102-000000");
        assertThat(tag.image().verdict()).isEqualTo(DigestVerdict.DELETED);
        assertThat(tag.image().unreferenced().lastKept().steps().getFirst().tag())
                .isEqualTo("v1");
    }

    @Test
    void aRepositoryAloneStandsForItsLatest() {
        third.repo("team/app").tag("latest", third.repo("team/app").image("x"));

        assertThat(((TagExplanation) runs.explain("team/app")).tag()).isEqualTo("latest");
    }

    @Test
    void theHostThatClientsWriteIsLeftOut() {
        third.repo("team/app").tag("v1", third.repo("team/app").image("x"));

        assertThat(((TagExplanation) runs.explain("localhost:5000/team/app:v1")).repository())
                .isEqualTo("team/app");
        assertThat(((TagExplanation) runs.explain("registry.example.com/team/app:v1")).repository())
                .isEqualTo("team/app");
        assertThat(((DigestExplanation) runs.explain("localhost:5000/team/app@" + digest("image x"))).repository())
                .isEqualTo("team/app");
        assertThat(((DigestExplanation) runs.explain("team/app:v1@" + digest("image x"))).repository())
                .isEqualTo("team/app");
    }

    @Test
    void aRepositoryWhoseNameLooksLikeAHostIsMeantIfItIsThere() {
        third.repo("localhost/app").tag("v1", third.repo("localhost/app").image("x"));
        third.repo("app").tag("v1", third.repo("app").image("y"));

        assertThat(((TagExplanation) runs.explain("localhost/app:v1")).digest()).isEqualTo(digest("image x"));
    }

    @Test
    void aTagMayLookLikeADigest() {
        String hex = digest("image x").substring(7);
        third.repo("app").tag(hex, third.repo("app").image("x")).tag("sha256-" + hex, digest("image x"));

        assertThat(((TagExplanation) runs.explain("app:" + hex)).tag()).isEqualTo(hex);
        assertThat(((TagExplanation) runs.explain("app:sha256-" + hex)).tag()).isEqualTo("sha256-" + hex);
    }

    @Test
    void aRepositoryMayLookLikeTheBeginningOfADigest() {
        third.repo("deadbeef").tag("latest", third.repo("deadbeef").image("x"));
        assertThat(runs.explain("deadbeef")).isInstanceOf(TagExplanation.class);

        TestIndex both = index("20260104-000000");
        both.repo("deadbeef").tag("latest", both.repo("deadbeef").image("x"));
        both.blob("sha256:deadbeef" + "0".repeat(56), 1);
        assertThat(catchThrowableOfType(
                                UnknownSubjectException.class,
                                () -> RecordingPastRuns.of(both).explain("deadbeef"))
                        .matches())
                .containsExactly("deadbeef", "deadbeef:latest");
    }

    @Test
    void anUnknownSubjectSaysWhatIsKnown() {
        third.repo("app").tag("v1", third.repo("app").image("x"));
        third.repo("other");

        assertThatThrownBy(() -> runs.explain("app:v2"))
                .hasMessage("'app:v2': none of the 3 runs knows it; the repository app has no tag v2");
        assertThatThrownBy(() -> runs.explain("other@" + digest("image x")))
                .hasMessageEndingWith(digest("image x") + " is in app");
        assertThatThrownBy(() -> runs.explain("nothing"))
                .hasMessageContaining("REPO:TAG")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> runs.explain(":")).hasMessageContaining("REPO:TAG");
        assertThatThrownBy(() -> runs.explain("")).hasMessageContaining("REPO:TAG");
        assertThatThrownBy(() -> RecordingPastRuns.of().explain("app")).hasMessageContaining("no run has decided");
    }

    @Test
    void ofOneRunItIsSaidWhichOthersKnowIt() {
        first.repo("app").tag("v1", first.repo("app").image("x"));
        second.repo("app").tag("v1", second.repo("app").image("x"));
        runs.indexed(first).with(deletion(third, layer("x"), DeletionRecord.Outcome.DELETED));
        TestIndex another = third;

        assertThatThrownBy(() -> runs.explain(layer("x"), another))
                .hasMessageContaining("the run 20260103-000000 doesn't know it")
                .hasMessageEndingWith("known in: 20260101-000000")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> runs.explain(layer("y"), another)).hasMessageNotContaining("known in");
    }

    private static DeletionRecord deletion(TestIndex in, String digest, DeletionRecord.Outcome outcome) {
        return new DeletionRecord(
                in.run(), Kind.BLOB, Digest.parse(digest), null, outcome, 0, null, TestIndex.SWEPT_AT);
    }
}
