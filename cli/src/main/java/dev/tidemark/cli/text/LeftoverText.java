package dev.tidemark.cli.text;

import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.LeftoverExplanation;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.text.Units;
import dev.tidemark.storage.layout.Layout;

/** The explanation of what was left behind, for people. */
final class LeftoverText {

    private final LeftoverExplanation left;
    private final ExplanationText text;

    LeftoverText(LeftoverExplanation left, ExplanationText text) {
        this.left = left;
        this.text = text;
    }

    void print() {
        text.headline(left.verdict(), why());
        if (left.bytes() != null) {
            text.fact("size", Units.bytes(left.bytes()));
        }
        if (left.modified() != null) {
            text.fact(
                    left.kind().equals("link") ? "dangling since" : "last used",
                    ExplanationText.second(left.modified()));
        }
        if (left.verdict() == DigestVerdict.DELETED && left.fate().trash() != null) {
            text.fact("trash", DigestText.trash(left.fate().trash()));
        }
        if (left.verdict() == DigestVerdict.DELETED && multipart()) {
            text.fact("trash", "none: nothing brings its parts back");
        }
        text.run(left.run());
        if (left.goneIn() != null) {
            text.fact("gone", "the run " + left.goneIn() + " did not find it any more");
        }
    }

    private String why() {
        String name = name();
        return switch (left.verdict()) {
            case KEPT -> name + (left.kept() == null ? " is not old enough" : ": " + left.kept());
            case ELIGIBLE -> name + ": " + left.fate().reason();
            case DELETED ->
                name + ", by the " + ExplanationText.by(left.run()) + ", at "
                        + ExplanationText.second(left.fate().at());
            case RESTORED ->
                DigestText.restored(
                        left.run(), name, left.fate().at(), left.fate().trash());
            case SPARED, FAILED -> name + ": " + left.fate().why();
            default -> name;
        };
    }

    /** Why some of a kind that are older than an age go. */
    static String eligible(Kind kind, String age) {
        return switch (kind) {
            case UPLOAD -> "nobody has finished or gone on with them for " + age;
            case MULTIPART -> "nobody has finished or gone on with them for " + age + ". Nothing brings them back";
            case LINK -> "the manifests that they name have not been there for " + age;
            default -> "nothing was written there for " + age;
        };
    }

    /** Why some of a kind stay. */
    static String kept(Kind kind) {
        return switch (kind) {
            case UPLOAD, MULTIPART -> "younger, held, or of no age that can be told";
            case LINK -> "not known for so long, held, asked for, or needed by a manifest or a policy";
            default -> "younger, held, not wholly empty, or of use to a policy";
        };
    }

    private boolean multipart() {
        return left.kind().equals("multipart");
    }

    private String name() {
        return switch (left.kind()) {
            case "link" -> "the link " + left.path() + in();
            case "multipart" -> "the multipart upload of " + left.path() + in();
            case "upload" -> "the upload " + Layout.uploadId(left.path()) + in();
            case "repository" -> "the repository " + left.repository() + ", which has nothing";
            default -> "the directory " + left.path() + in();
        };
    }

    private String in() {
        return left.repository() == null ? "" : " in " + left.repository();
    }
}
