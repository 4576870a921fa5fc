package dev.tidemark.cli.text;

import dev.tidemark.evidence.explain.Chain;
import dev.tidemark.evidence.explain.DigestExplanation;
import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.explain.DigestExplanation.References;
import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.Step;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.ArrayList;

/** Prints all that is known of a digest, for people. */
final class DigestText {

    private final DigestExplanation digest;
    private final ExplanationText text;

    DigestText(DigestExplanation digest, ExplanationText text) {
        this.digest = digest;
        this.text = text;
    }

    void print() {
        if (digest.goneIn() != null) {
            text.gone("the run " + digest.goneIn()
                    + " did not find it any more, and no run is known to have deleted it. It was last seen in "
                    + digest.run().run() + ", and then it was");
        }
        text.headline(digest.verdict(), why());
        facts();
        way();
        lastKept();
        new HoldingsText(digest, text).print();
    }

    private String why() {
        RunFacts run = digest.run();
        Fate fate = digest.fate();
        return switch (digest.verdict()) {
            case KEPT ->
                digest.kept() == null
                        ? "what it is there with is live"
                        : ChainText.referrer(digest.kept()) + ChainText.rule(digest.kept(), run);
            case ELIGIBLE -> reason() + "; " + waitsFor(run);
            case DELETED ->
                "by the " + ExplanationText.by(run) + ", at " + ExplanationText.second(fate.at()) + "; " + reason();
            case RESTORED -> restored(run, "it", fate.at(), fate.trash());
            case ALREADY_GONE -> "before the " + ExplanationText.by(run) + " came to delete it";
            case SPARED -> "by the run " + run.run() + ": " + fate.why() + "; before that it was eligible: " + reason();
            case FAILED ->
                "the run " + run.run() + " could not delete it: " + fate.why() + "; the next run tries again";
            case MISSING ->
                "it is live and its blob is not there: what needs it is broken. " + ChainText.rule(digest.kept(), run);
            case ABSENT ->
                digest.references() != null && digest.references().optional()
                        ? "its blob is not there, and need not be: what names it does not need it here, as a "
                                + "foreign layer"
                        : "its blob is not there, and nothing live needs it";
            case DANGLING ->
                "a revision link names it, and its blob is not there; it protects nothing, and --leftovers lets it go";
            case UNDECIDED ->
                "the run " + run.run() + " has not decided (" + run.state()
                        + (run.why() == null ? "" : ", " + run.why()) + ")";
            case UNEXPLAINED -> "the run " + run.run() + " has decided, and not on it";
        };
    }

    private String reason() {
        return digest.fate().reason() == null
                ? "nothing says why"
                : digest.fate().reason();
    }

    private static String waitsFor(RunFacts run) {
        if (run.dryRun()) {
            return "in a dry run: nothing is deleted";
        }
        return switch (run.state()) {
            case "waiting" -> "the run waits for approval: " + run.why();
            case "sweeping", "decided" -> "the run has not come to it yet";
            case "swept" -> "the run is over, and no record says what was done with it";
            default -> "and the run has ended before it came to it (" + run.why() + ")";
        };
    }

    private void facts() {
        text.fact("digest", digest.digest());
        text.fact(
                "is",
                String.join(" and ", digest.is())
                        + (digest.mediaType() == null ? "" : ", " + digest.mediaType())
                        + (digest.size() == null ? ", no blob" : ", " + Units.bytes(digest.size()))
                        + (digest.subject() == null ? "" : ", refers to " + digest.subject()));
        if (digest.modified() != null || digest.linked() != null) {
            text.fact("since", since());
        }
        if (digest.fate() != null && digest.verdict() == DigestVerdict.DELETED) {
            text.fact("freed", room(digest.fate().bytes()));
            if (digest.fate().trash() != null) {
                text.fact("trash", trash(digest.fate().trash()));
            }
        }
        if (digest.verdict() == DigestVerdict.ELIGIBLE || digest.verdict() == DigestVerdict.FAILED) {
            text.fact("would free", room(digest.size()));
        }
        digest.held().forEach(held -> text.fact("held", held.replaceFirst("^held ", "")));
        text.run(digest.run());
        if (digest.references() != null) {
            text.fact("referenced", references(digest.references()));
        } else if (digest.kept() == null) {
            text.fact("referenced", "by nothing: there is no way to it from a root");
        }
        if (digest.unreferenced() != null) {
            text.fact("not live", "since the run " + digest.unreferenced().since() + lastRun());
        }
        if (digest.wrongSize() != null) {
            text.warning("it has " + Counted.of(digest.size(), "byte") + ", and the manifest "
                    + Digest.shortened(digest.wrongSize().manifest()) + " in "
                    + digest.wrongSize().repository() + " says "
                    + Units.number(digest.wrongSize().said())
                    + ": what needs it can't be pulled as a whole");
        }
        if (digest.deletedBefore() != null) {
            String run = digest.deletedBefore().run();
            text.warning("the run " + run + " deleted its blob at "
                    + ExplanationText.second(digest.deletedBefore().at()) + ": tidemark explain --run " + run + " "
                    + Digest.shortened(digest.digest()));
        }
        if (digest.contradiction() != null) {
            text.warning(digest.contradiction() + ": look into it with tidemark audit "
                    + digest.run().run());
        }
    }

    static String trash(Fate.Trash trash) {
        if (trash.out() == null) {
            return "kept there until " + ExplanationText.second(trash.until())
                    + " at least; nothing says that it has left it since";
        }
        return trash.out().equals("purging")
                ? "was about to be purged from it at " + ExplanationText.second(trash.at())
                        + "; nothing says that it is"
                : "purged from it at " + ExplanationText.second(trash.at()) + by(trash);
    }

    /** @param at when it was swept; null if that is not known */
    static String restored(RunFacts run, String what, String at, Fate.Trash trash) {
        return "the run " + run.run() + " swept " + what + " into the trash"
                + (at == null ? "" : " at " + ExplanationText.second(at))
                + ", and it was put back at "
                + ExplanationText.second(trash.at()) + ": " + trash.why() + by(trash);
    }

    private static String by(Fate.Trash trash) {
        return trash.by() == null ? "" : ", on the word of " + trash.by();
    }

    private String room(Long bytes) {
        return digest.fate().kind().equals("blob") && bytes != null
                ? Units.bytes(bytes)
                : "nothing by itself: only blobs take room";
    }

    private String since() {
        var since = new ArrayList<String>();
        if (digest.modified() != null) {
            since.add("blob written " + ExplanationText.second(digest.modified()));
        }
        if (digest.linked() != null) {
            since.add("oldest link " + ExplanationText.second(digest.linked()));
        }
        return String.join(", ", since);
    }

    private String references(References references) {
        String by = "by " + Counted.of(references.parents(), "manifest");
        if (references.live() == 0) {
            return by + ", none of them live: there is no way to it from a root";
        }
        String live = references.parents() == references.live()
                ? ""
                : ", " + Units.number(references.live()) + " of them live";
        return by + live + "; " + Counted.of(references.tags(), "tag") + " in "
                + Counted.of(references.repositories(), "repository") + (references.tags() == 1 ? " leads" : " lead")
                + " to it";
    }

    private String lastRun() {
        if (digest.unreferenced().lastRun() == null) {
            return ", the first that is known";
        }
        return digest.unreferenced().lastKept() == null
                ? "; the run before, " + digest.unreferenced().lastRun()
                        + ", did not keep it either, or did not know it"
                : "";
    }

    private void way() {
        if (digest.kept() != null) {
            text.section("Kept by");
            steps(digest.kept());
        }
    }

    private void lastKept() {
        if (digest.unreferenced() != null && digest.unreferenced().lastKept() != null) {
            text.section("Last kept, in the run " + digest.unreferenced().lastRun() + ", by");
            steps(digest.unreferenced().lastKept());
        }
    }

    private void steps(Chain chain) {
        int depth = 0;
        for (Step step : chain.steps()) {
            String name = step.tag() != null ? step.repository() + ":" + step.tag() : Digest.shortened(step.digest());
            String where = step.tag() != null || step.repository() == null ? "" : " in " + step.repository();
            text.entry(
                    step.tag() != null ? "" : step.size() == null ? "no blob" : Units.bytes(step.size()),
                    "  ".repeat(depth++) + step.what() + " " + name
                            + (depth == chain.steps().size() ? "" : where));
        }
    }
}
