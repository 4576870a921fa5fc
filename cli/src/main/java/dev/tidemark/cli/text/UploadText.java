package dev.tidemark.cli.text;

import dev.tidemark.evidence.explain.DigestVerdict;
import dev.tidemark.evidence.explain.UploadExplanation;
import dev.tidemark.schemas.text.Units;

/** The explanation of an upload, for people. */
final class UploadText {

    private final UploadExplanation upload;
    private final ExplanationText text;

    UploadText(UploadExplanation upload, ExplanationText text) {
        this.upload = upload;
        this.text = text;
    }

    void print() {
        text.headline(upload.verdict(), why());
        if (upload.bytes() != null) {
            text.fact("size", Units.bytes(upload.bytes()));
        }
        if (upload.modified() != null) {
            text.fact("last used", ExplanationText.second(upload.modified()));
        }
        if (upload.verdict() == DigestVerdict.DELETED && upload.fate().trash() != null) {
            text.fact("trash", DigestText.trash(upload.fate().trash()));
        }
        text.run(upload.run());
        if (upload.goneIn() != null) {
            text.fact("gone", "the run " + upload.goneIn() + " did not find it any more");
        }
    }

    private String why() {
        String name = "the upload " + upload.upload() + " in " + upload.repository();
        return switch (upload.verdict()) {
            case KEPT -> name + (upload.kept() == null ? " is not old enough" : ": " + upload.kept());
            case ELIGIBLE -> name + ": " + upload.fate().reason();
            case DELETED ->
                name + ", by the " + ExplanationText.by(upload.run()) + ", at "
                        + ExplanationText.second(upload.fate().at());
            case RESTORED ->
                DigestText.restored(
                        upload.run(), name, upload.fate().at(), upload.fate().trash());
            case SPARED, FAILED -> name + ": " + upload.fate().why();
            default -> name;
        };
    }
}
