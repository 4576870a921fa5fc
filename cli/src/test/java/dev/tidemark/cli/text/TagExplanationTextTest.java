package dev.tidemark.cli.text;

import static dev.tidemark.cli.text.Explanations.DIGEST;
import static dev.tidemark.cli.text.Explanations.byPolicy;
import static dev.tidemark.cli.text.Explanations.image;
import static dev.tidemark.cli.text.Explanations.node;
import static dev.tidemark.cli.text.Explanations.tag;
import static dev.tidemark.cli.text.Explanations.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.TagExplanation;
import dev.tidemark.evidence.explain.TagExplanation.ByPolicy;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The text of explanations of a tag. */
class TagExplanationTextTest {

    @Test
    void aTreeOfAnOrdinaryImageShowsEachBlobWithItsShare() {
        TagExplanation tag = tag(image(5));

        assertThat(text(tag))
                .contains(
                        "kept: the tag team/app:v1 names the manifest " + DIGEST,
                        "     1.0 kB  own      manifest sha256:abababababab",
                        "     2.0 kB  shared     layer sha256:abababababab, with other@sha256:abababababab",
                        "    no blob  missing    layer sha256:abababababab",
                        "        1 B  own        layer sha256:abababababab, of 1 byte, not 2,000")
                .anyMatch(line -> line.contains("1 blob of it has another size than its manifest says"));
    }

    @Test
    void aLargeTreeIsFoldedAndFitsAScreen() {
        Terminal narrow = Screen.none().terminal();
        List<String> folded = ExplanationText.of(tag(node("index", Collections.nCopies(10, image(20)))), narrow);
        List<String> cut = ExplanationText.of(tag(node("index", Collections.nCopies(500, image(20)))), narrow);

        assertThat(folded)
                .hasSizeLessThan(50)
                .allMatch(line -> line.length() <= 80)
                .filteredOn(line -> line.contains("manifest sha256") && line.contains(": 23 blobs, "))
                .hasSize(10);
        assertThat(String.join(" ", folded).replaceAll("\\s+", " ")).contains("1 missing, 1 of another size");
        assertThat(cut).hasSizeLessThan(50).last().asString().contains("and 485 more manifests");
    }

    @Test
    void aTagThatAPolicyKeepsOrLetsGoSaysByWhichRule() {
        assertThat(text(byPolicy(
                        DigestVerdict.KEPT,
                        new ByPolicy(
                                true,
                                "apps",
                                "apps, line 4: v*",
                                "pushed 3d ago",
                                "2026-12-01T00:00:00Z",
                                null,
                                null,
                                null,
                                null,
                                null))))
                .contains("  policy      keeps it by apps, line 4: v*: pushed 3d ago, until 2026-12-01T00:00:00Z");
        var going = new ByPolicy(
                false, "apps", "apps, line 4: v*", "newest 4, and 3 are kept", null, null, null, null, null, null);
        assertThat(text(byPolicy(DigestVerdict.ELIGIBLE, going)))
                .contains("  policy      lets it go by apps, line 4: v*: newest 4, and 3 are kept")
                .first()
                .isEqualTo("eligible: the policy lets the tag team/app:v1 go");
        var pulled = new ByPolicy(
                true,
                "apps",
                "apps, line 4: v*",
                "pulled 3d ago, kept for 30d",
                null,
                "2026-11-27T00:00:00Z",
                "2026-01-01T00:00:00Z",
                null,
                null,
                null);
        assertThat(text(byPolicy(DigestVerdict.KEPT, pulled)))
                .contains("  pulled      last by 2026-11-27T00:00:00Z, of what is known since 2026-01-01T00:00:00Z");
        var spared = new ByPolicy(
                false, "apps", null, "no rule", null, null, null, "the tag names another manifest by now", "", null);
        var back = new ByPolicy(
                false,
                "apps",
                null,
                "no rule",
                null,
                null,
                null,
                null,
                "2026-11-27T00:00:00Z",
                new Fate.Trash(null, "restored", "2026-11-28T00:00:00Z", "its run is undone", "alice (tidemark undo)"));
        assertThat(text(byPolicy(DigestVerdict.RESTORED, back)).getFirst())
                .startsWith("restored: the run ")
                .endsWith(" swept the tag team/app:v1 into the trash at 2026-11-27T00:00:00Z, and it was put back at "
                        + "2026-11-28T00:00:00Z: its run is undone, on the word of alice (tidemark undo)");
        assertThat(text(byPolicy(DigestVerdict.SPARED, spared)).getFirst())
                .isEqualTo("spared: the policy lets the tag team/app:v1 go, and the sweep has left it: the tag names "
                        + "another manifest by now");
    }
}
