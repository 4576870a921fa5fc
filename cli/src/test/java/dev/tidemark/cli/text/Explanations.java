package dev.tidemark.cli.text;

import dev.tidemark.cli.terminal.Screen;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.explain.Chain;
import dev.tidemark.evidence.explain.DigestExplanation;
import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.explain.DigestExplanation.Holding;
import dev.tidemark.evidence.explain.DigestExplanation.References;
import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.Explanation;
import dev.tidemark.evidence.explain.Step;
import dev.tidemark.evidence.explain.TagExplanation;
import dev.tidemark.evidence.explain.TagExplanation.ByPolicy;
import dev.tidemark.evidence.explain.TagExplanation.Bytes;
import dev.tidemark.evidence.explain.TagExplanation.Node;
import dev.tidemark.evidence.index.RunFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Explanations without an index, and their text on a wide terminal. */
final class Explanations {

    static final String DIGEST = "sha256:" + "ab".repeat(32);

    private Explanations() {}

    static List<String> text(Explanation explanation) {
        return ExplanationText.of(explanation, terminal(false));
    }

    static Terminal terminal(boolean colours) {
        return (colours ? Screen.coloured(80) : Screen.wide()).terminal();
    }

    static RunFacts run(String state, boolean dryRun) {
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

    static Fate fate(String why) {
        return new Fate("blob", "nothing live references it", why, 10, "2026-01-01T00:00:09.5Z", null);
    }

    static Fate fate(Fate.Trash trash) {
        return new Fate("blob", "nothing live references it", null, 10, "2026-01-01T00:00:09.5Z", trash);
    }

    static Fate.Trash back() {
        return new Fate.Trash(
                "2026-01-02T00:00:09.5Z",
                "restored",
                "2026-01-01T05:00:00Z",
                "its run is undone",
                "ada (tidemark undo)");
    }

    static Step tag() {
        return new Step("tag", "team/app", "v1", null, null, null);
    }

    static TagExplanation tag(Node tree) {
        return tag(tree, DigestVerdict.KEPT, null);
    }

    static TagExplanation tag(Node tree, DigestVerdict verdict, ByPolicy word) {
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

    static Step step(String what) {
        return new Step(what, "team/app", null, DIGEST, null, 1000L);
    }

    static Chain chain(String rule, String because, Step... steps) {
        return new Chain(rule, "team/app", because, List.of(steps));
    }

    static DigestExplanation digest(DigestVerdict verdict, RunFacts run, Chain kept, Fate fate) {
        return digest(verdict, run, kept, fate, null);
    }

    static DigestExplanation digest(DigestVerdict verdict, RunFacts run, Chain kept, Fate fate, String goneIn) {
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

    static TagExplanation byPolicy(DigestVerdict verdict, ByPolicy word) {
        return tag(image(1), verdict, word);
    }

    static Node image(int layers) {
        var children = new ArrayList<Node>(List.of(node("config", List.of())));
        children.addAll(Collections.nCopies(
                layers,
                new Node(
                        "layer", DIGEST, null, 2000L, null, false, false, false, "other@" + DIGEST, false, List.of())));
        children.add(new Node("layer", DIGEST, null, null, null, true, false, true, null, false, List.of()));
        children.add(new Node("layer", DIGEST, null, 1L, 2000L, false, false, true, null, false, List.of()));
        return node("manifest", children);
    }

    static Node node(String what, List<Node> children) {
        return new Node(what, DIGEST, null, 1000L, null, false, false, true, null, false, children);
    }
}
