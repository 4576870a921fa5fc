package dev.tidemark.cli.text;

import dev.tidemark.evidence.explain.Chain;
import dev.tidemark.evidence.explain.Step;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Hold;
import dev.tidemark.schemas.PolicyText;
import java.util.List;

/** Says in words why a digest is kept: by the way that leads to it from a root. */
final class ChainText {

    private ChainText() {}

    /** A manifest that refers to another is kept by that: by the step before it. */
    static String referrer(Chain kept) {
        List<Step> steps = kept.steps();
        return steps.getLast().what().equals("referrer")
                ? "as a referrer of "
                        + Digest.shortened(steps.get(steps.size() - 2).digest()) + ": "
                : "";
    }

    /** The rule of what is live that the way begins with. */
    static String rule(Chain kept, RunFacts run) {
        String where = kept.repository() == null ? "" : " in " + kept.repository();
        boolean itself = kept.steps().size() == 1;
        return switch (kept.rule()) {
            case "tag" ->
                "the tag " + kept.repository() + ":" + kept.steps().getFirst().tag()
                        + (kept.steps().size() == 2 ? " names it" : " leads to it");
            case "untagged-root" ->
                (itself ? "it is a manifest" : "a manifest" + where + " leads to it")
                        + ", and the run keeps manifests that no tag names";
            case "young-manifest" ->
                (itself ? "it is a young manifest" : "a young manifest leads to it") + young(where, kept, run);
            case "young-blob" -> "it is a young blob" + young(where, kept, run);
            case "young-link" ->
                (itself ? "a young layer link names it" : "a young layer link leads to it") + young(where, kept, run);
            case "pinned" ->
                Hold.isHold(kept.because())
                        ? (itself ? "it is " : "what leads to it is ") + kept.because() + where
                        : PolicyText.isKept(kept.because())
                                ? (itself ? "" : "of what leads to it, ") + kept.because() + where
                                : "conservatively" + where + ": " + kept.because();
            default -> kept.rule() + where;
        };
    }

    private static String young(String where, Chain kept, RunFacts run) {
        return where + ", written " + ExplanationText.second(kept.because()) + ": what was written since "
                + ExplanationText.second(run.cutoff()) + " stays";
    }
}
