package dev.tidemark.cli.text;

import static dev.tidemark.cli.text.Explanations.DIGEST;
import static dev.tidemark.cli.text.Explanations.back;
import static dev.tidemark.cli.text.Explanations.chain;
import static dev.tidemark.cli.text.Explanations.digest;
import static dev.tidemark.cli.text.Explanations.fate;
import static dev.tidemark.cli.text.Explanations.run;
import static dev.tidemark.cli.text.Explanations.step;
import static dev.tidemark.cli.text.Explanations.tag;
import static dev.tidemark.cli.text.Explanations.terminal;
import static dev.tidemark.cli.text.Explanations.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.evidence.explain.Chain;
import dev.tidemark.evidence.explain.DigestExplanation;
import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.explain.DigestExplanation.Holding;
import dev.tidemark.evidence.explain.DigestExplanation.References;
import dev.tidemark.evidence.explain.DigestExplanation.Unreferenced;
import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.Step;
import dev.tidemark.evidence.explain.TagExplanation;
import dev.tidemark.evidence.explain.TagExplanation.Bytes;
import dev.tidemark.evidence.explain.TagExplanation.Node;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The text of explanations: those of a digest, and what holds for all. */
class ExplanationTextTest {

    private static final String EVIL = "evil\u001b[31m\n\u202ename";

    @Test
    void theVerdictComesFirst() {
        assertThat(text(digest(
                                DigestVerdict.KEPT,
                                run("swept", false),
                                chain("tag", null, tag(), step("manifest"), step("layer")),
                                null))
                        .getFirst())
                .isEqualTo("kept: the tag team/app:v1 leads to it");
        assertThat(text(digest(DigestVerdict.ELIGIBLE, run("decided", true), null, fate((String) null)))
                        .getFirst())
                .isEqualTo("eligible: nothing live references it; in a dry run: nothing is deleted");
        assertThat(text(digest(DigestVerdict.ELIGIBLE, run("waiting", false), null, fate((String) null)))
                        .getFirst())
                .isEqualTo("eligible: nothing live references it; the run waits for approval: the breaker is open");
        assertThat(text(digest(DigestVerdict.DELETED, run("swept", false), null, fate((String) null)))
                        .getFirst())
                .isEqualTo("deleted: by the run 20260101-000000, asked for by ada and approved by bob on the strength "
                        + "of the dry run 20251231-000000,"
                        + " at 2026-01-01T00:00:09Z; nothing live references it");
        assertThat(text(digest(DigestVerdict.SPARED, run("swept", false), null, fate("young by now")))
                        .getFirst())
                .isEqualTo("spared: by the run 20260101-000000: young by now; before that it was eligible: nothing "
                        + "live references it");
        assertThat(text(digest(DigestVerdict.FAILED, run("swept", false), null, fate("permission denied")))
                        .getFirst())
                .isEqualTo("failed: the run 20260101-000000 could not delete it: permission denied; the next run "
                        + "tries again");
    }

    @Test
    void theLifeOfADigestInTheTrashIsToldToItsEnd() {
        var inIt = new Fate.Trash("2026-01-02T00:00:09.5Z", null, null, null, null);
        var purged = new Fate.Trash("2026-01-02T00:00:09.5Z", "purged", "2026-01-02T01:00:00Z", null, null);
        RunFacts run = run("swept", false);

        assertThat(text(digest(DigestVerdict.RESTORED, run, null, fate(back()))).getFirst())
                .isEqualTo(
                        "restored: the run 20260101-000000 swept it into the trash at 2026-01-01T00:00:09Z, and it was"
                                + " put back at 2026-01-01T05:00:00Z: its run is undone, on the word of ada "
                                + "(tidemark undo)");
        assertThat(text(digest(DigestVerdict.DELETED, run, null, fate(inIt))))
                .contains("  trash       kept there until 2026-01-02T00:00:09Z at least; nothing says that it has left "
                        + "it since");
        assertThat(text(digest(DigestVerdict.DELETED, run, null, fate(purged))))
                .contains("  trash       purged from it at 2026-01-02T01:00:00Z");
        var purging = new Fate.Trash("2026-01-02T00:00:09.5Z", "purging", "2026-01-02T01:00:00Z", null, null);
        assertThat(text(digest(DigestVerdict.DELETED, run, null, fate(purging))))
                .contains("  trash       was about to be purged from it at 2026-01-02T01:00:00Z; nothing says that it "
                        + "is");
        assertThat(text(digest(DigestVerdict.DELETED, run, null, fate((String) null))))
                .noneMatch(line -> line.startsWith("  trash"));
    }

    @Test
    void eachVerdictHasWords() {
        for (DigestVerdict verdict : DigestVerdict.values()) {
            boolean live = verdict == DigestVerdict.KEPT || verdict == DigestVerdict.MISSING;
            assertThat(text(digest(
                                    verdict,
                                    run("swept", false),
                                    live ? chain("tag", null, tag(), step("layer")) : null,
                                    verdict == DigestVerdict.RESTORED ? fate(back()) : fate("why")))
                            .getFirst())
                    .startsWith(verdict.word().replace('-', ' '))
                    .hasSizeGreaterThan(30);
        }
    }

    @Test
    void eachRuleHasWords() {
        String young = "2026-01-01T00:00:05Z";
        assertThat(List.of(
                        rule(chain("untagged-root", null, step("manifest"), step("layer"))),
                        rule(chain("young-manifest", young, step("manifest"))),
                        rule(chain("young-blob", young, step("blob"))),
                        rule(chain("young-link", young, step("link"))),
                        rule(chain("pinned", "it is empty", step("manifest"))),
                        rule(chain("tag", null, tag(), step("manifest"), step("referrer")))))
                .containsExactly(
                        "kept: a manifest in team/app leads to it, and the run keeps manifests that no tag names",
                        "kept: it is a young manifest in team/app, written 2026-01-01T00:00:05Z: what was written "
                                + "since 2025-12-31T00:00:00Z stays",
                        "kept: it is a young blob in team/app, written 2026-01-01T00:00:05Z: what was written "
                                + "since 2025-12-31T00:00:00Z stays",
                        "kept: a young layer link names it in team/app, written 2026-01-01T00:00:05Z: what was "
                                + "written since 2025-12-31T00:00:00Z stays",
                        "kept: conservatively in team/app: it is empty",
                        "kept: as a referrer of sha256:abababababab: the tag team/app:v1 leads to it");
    }

    @Test
    void theWayIsShownStepByStep() {
        assertThat(text(digest(
                        DigestVerdict.KEPT,
                        run("swept", false),
                        chain("tag", null, tag(), step("index"), step("manifest"), step("layer")),
                        null)))
                .containsSequence(
                        "Kept by",
                        "             tag team/app:v1",
                        "     1.0 kB    index sha256:abababababab in team/app",
                        "     1.0 kB      manifest sha256:abababababab in team/app",
                        "     1.0 kB        layer sha256:abababababab");
    }

    @Test
    void aDigestThatIsGoneWithoutADeletionSaysSo() {
        DigestExplanation kept = digest(
                DigestVerdict.KEPT,
                run("swept", false),
                chain("tag", null, tag(), step("layer")),
                null,
                "20260102-000000");

        assertThat(text(kept).getFirst())
                .startsWith("gone: the run 20260102-000000 did not find it any more, and no run is known to have "
                        + "deleted it.");
        assertThat(text(kept).get(1)).startsWith("kept: ");
    }

    @Test
    void aDigestInTenThousandRepositoriesFitsAScreen() {
        assertThat(text(digest(
                        DigestVerdict.KEPT, run("swept", false), chain("tag", null, tag(), step("layer")), null)))
                .hasSizeLessThan(40)
                .anyMatch(line -> line.contains("and 9,992 more repositories"));
    }

    @Test
    void nothingHostileReachesTheTerminal() {
        var hostile = new RunFacts(EVIL, "swept", true, false, true, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL);
        var step = new Step("manifest", EVIL, null, EVIL, EVIL, 1L);
        var chain = new Chain("pinned", EVIL, EVIL, List.of(step, step));
        var holding = new Holding(
                EVIL, DigestVerdict.KEPT, EVIL, DigestVerdict.KEPT, EVIL, List.of(EVIL), 1, List.of(EVIL), EVIL, EVIL);
        for (DigestVerdict verdict : DigestVerdict.values()) {
            var digest = new DigestExplanation(
                    hostile,
                    DIGEST,
                    EVIL,
                    verdict,
                    List.of(EVIL),
                    EVIL,
                    EVIL,
                    1L,
                    EVIL,
                    EVIL,
                    Map.of(),
                    1,
                    List.of(holding),
                    List.of(EVIL),
                    chain,
                    new References(1, 1, false, 1, 1, List.of(step)),
                    new DigestExplanation.WrongSize(EVIL, EVIL, 2),
                    new Fate("blob", EVIL, EVIL, 1, EVIL, new Fate.Trash(EVIL, null, EVIL, EVIL, EVIL)),
                    new Unreferenced(EVIL, EVIL, chain),
                    new DigestExplanation.Deleted(EVIL, EVIL, 1),
                    EVIL,
                    EVIL);
            var node = new Node("manifest", DIGEST, EVIL, 1L, 2L, false, false, false, EVIL, false, List.of());
            var tag = new TagExplanation(
                    hostile,
                    EVIL,
                    EVIL,
                    DIGEST,
                    verdict,
                    chain,
                    List.of(EVIL),
                    new Bytes(1, 1),
                    new Bytes(1, 1),
                    new Bytes(0, 0),
                    1,
                    1,
                    node,
                    List.of(new TagExplanation.Past(EVIL, DigestVerdict.KEPT)),
                    digest,
                    EVIL,
                    new TagExplanation.ByPolicy(
                            false,
                            EVIL,
                            EVIL,
                            EVIL,
                            EVIL,
                            EVIL,
                            EVIL,
                            EVIL,
                            EVIL,
                            new Fate.Trash(EVIL, EVIL, EVIL, EVIL, EVIL)),
                    EVIL);
            assertThat(text(digest)).noneMatch(line -> line.matches("(?s).*[\u001b\n\u202e].*"));
            assertThat(text(tag)).noneMatch(line -> line.matches("(?s).*[\u001b\n\u202e].*"));
        }
    }

    @Test
    void anExplanationHasColoursOnlyWhereTheyAreWanted() {
        DigestExplanation deleted = digest(DigestVerdict.DELETED, run("swept", false), null, fate((String) null));

        assertThat(String.join("", text(deleted))).doesNotContain("\u001b");
        assertThat(ExplanationText.of(deleted, terminal(true)).getFirst()).startsWith("\u001b[31mdeleted\u001b[0m: ");
    }

    @Test
    void theDocumentHasTheSame() throws IOException {
        var json = JsonSerde.MAPPER.valueToTree(
                digest(DigestVerdict.ALREADY_GONE, run("swept", false), null, fate((String) null)));

        assertThat(json.path("verdict").asText()).isEqualTo("already-gone");
        assertThat(json.path("run").path("by").asText()).isEqualTo("ada");
        assertThat(json.has("kept")).isFalse();
    }

    private static String rule(Chain chain) {
        return text(digest(DigestVerdict.KEPT, run("swept", false), chain, null))
                .getFirst();
    }
}
