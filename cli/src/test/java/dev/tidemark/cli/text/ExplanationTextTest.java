package dev.tidemark.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.explain.Chain;
import dev.tidemark.evidence.explain.DigestExplanation;
import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.explain.DigestExplanation.Holding;
import dev.tidemark.evidence.explain.DigestExplanation.References;
import dev.tidemark.evidence.explain.DigestExplanation.Unreferenced;
import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.Explanation;
import dev.tidemark.evidence.explain.Step;
import dev.tidemark.evidence.explain.TagExplanation;
import dev.tidemark.evidence.explain.TagExplanation.ByPolicy;
import dev.tidemark.evidence.explain.TagExplanation.Bytes;
import dev.tidemark.evidence.explain.TagExplanation.Node;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.schemas.JsonSerde;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplanationTextTest {

    private static final String DIGEST = "sha256:" + "ab".repeat(32);
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

    private static List<String> text(Explanation explanation) {
        return ExplanationText.of(explanation, terminal(false));
    }

    private static Terminal terminal(boolean colours) {
        return (colours ? Screen.coloured(80) : Screen.wide()).terminal();
    }

    private static RunFacts run(String state, boolean dryRun) {
        return new RunFacts(
                "20260101-000000",
                state,
                true,
                dryRun,
                true,
                "2026-01-01T00:00:00Z",
                "2025-12-31T00:00:00.123Z",
                "ada",
                "bob",
                "20251231-000000",
                state.equals("waiting") ? "the breaker is open" : null,
                null);
    }

    private static Fate fate(String why) {
        return new Fate("blob", "nothing live references it", why, 10, "2026-01-01T00:00:09.5Z", null);
    }

    private static Fate fate(Fate.Trash trash) {
        return new Fate("blob", "nothing live references it", null, 10, "2026-01-01T00:00:09.5Z", trash);
    }

    private static Fate.Trash back() {
        return new Fate.Trash(
                "2026-01-02T00:00:09.5Z",
                "restored",
                "2026-01-01T05:00:00Z",
                "its run is undone",
                "ada (tidemark undo)");
    }

    private static Step tag() {
        return new Step("tag", "team/app", "v1", null, null, null);
    }

    private static Step step(String what) {
        return new Step(what, "team/app", null, DIGEST, null, 1000L);
    }

    private static Chain chain(String rule, String because, Step... steps) {
        return new Chain(rule, "team/app", because, List.of(steps));
    }

    private static DigestExplanation digest(DigestVerdict verdict, RunFacts run, Chain kept, Fate fate) {
        return digest(verdict, run, kept, fate, null);
    }

    private static DigestExplanation digest(DigestVerdict verdict, RunFacts run, Chain kept, Fate fate, String goneIn) {
        var holdings = new ArrayList<Holding>();
        for (int i = 0; i < 100; i++) {
            holdings.add(new Holding(
                    "team/" + i,
                    null,
                    null,
                    DigestVerdict.KEPT,
                    "2026-01-01T00:00:00Z",
                    List.of(),
                    0,
                    List.of(),
                    null,
                    null));
        }
        return new DigestExplanation(
                run,
                DIGEST,
                null,
                verdict,
                List.of("layer"),
                null,
                null,
                1000L,
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00Z",
                Map.of(),
                10_000,
                holdings,
                List.of(),
                kept,
                kept == null ? null : new References(3, 2, false, 2, 1, List.of()),
                null,
                fate,
                null,
                null,
                null,
                goneIn);
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

    private static TagExplanation tag(Node tree) {
        return tag(tree, DigestVerdict.KEPT, null);
    }

    private static TagExplanation byPolicy(DigestVerdict verdict, ByPolicy word) {
        return tag(image(1), verdict, word);
    }

    private static TagExplanation tag(Node tree, DigestVerdict verdict, ByPolicy word) {
        return new TagExplanation(
                run("swept", false),
                "team/app",
                "v1",
                DIGEST,
                verdict,
                chain("tag", null, tag(), step("manifest")),
                List.of("latest"),
                new Bytes(3, 3000),
                new Bytes(2, 1000),
                new Bytes(1, 2000),
                1,
                1,
                tree,
                List.of(),
                null,
                null,
                word,
                null);
    }

    private static Node image(int layers) {
        var children = new ArrayList<Node>(List.of(node("config", List.of())));
        children.addAll(Collections.nCopies(
                layers,
                new Node(
                        "layer", DIGEST, null, 2000L, null, false, false, false, "other@" + DIGEST, false, List.of())));
        children.add(new Node("layer", DIGEST, null, null, null, true, false, true, null, false, List.of()));
        children.add(new Node("layer", DIGEST, null, 1L, 2000L, false, false, true, null, false, List.of()));
        return node("manifest", children);
    }

    private static Node node(String what, List<Node> children) {
        return new Node(what, DIGEST, null, 1000L, null, false, false, true, null, false, children);
    }
}
