package dev.tidemark.cli.text;

import dev.tidemark.cli.run.Summary;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.Locale;

/** The part of a summary that says what a sweep has done: what it deleted, what is in the trash, what is verified. */
record SweptText(Summary summary, Terminal terminal, WrappedText page) {

    void print() {
        swept();
        trash();
        verified();
    }

    private void swept() {
        if (summary.swept() == null) {
            return;
        }
        page.section("Swept");
        if (summary.blobs().eligible().count()
                        + summary.manifests().eligible()
                        + summary.layerLinks().eligible()
                        + (summary.policy() == null ? 0 : summary.policy().going())
                        + (summary.leftovers() == null
                                ? 0
                                : summary.leftovers().eligible().size())
                == 0) {
            page.entry("", "nothing: nothing was eligible");
        }
        summary.swept()
                .deleted()
                .forEach((kind, tally) ->
                        page.entry(Units.bytes(tally.bytes()), Counted.of(tally.count(), name(kind)) + " deleted"));
        if (summary.swept().alreadyGone() > 0) {
            long gone = summary.swept().alreadyGone();
            page.entry("", Units.number(gone) + (gone == 1 ? " was" : " were") + " gone already");
        }
        summary.swept().spared().forEach((why, count) -> page.entry("", Units.number(count) + " spared: " + why));
        summary.swept()
                .failed()
                .forEach((why, count) -> page.line(
                        " ".repeat(13), terminal.bad(Terminal.clean(Units.number(count) + " failed: " + why))));
    }

    private void trash() {
        if (summary.trash() == null) {
            return;
        }
        Tally restored = summary.trash().restored();
        if (restored.count() > 0) {
            page.entry(
                    Units.bytes(restored.bytes()),
                    Counted.of(restored.count(), "file") + " restored: pushed or linked again while they were swept");
        }
        Tally left = summary.trash().left();
        if (left.count() > 0) {
            page.entry(
                    Units.bytes(left.bytes()),
                    Counted.of(left.count(), "file") + (left.count() == 1 ? " is" : " are")
                            + " in the trash: 'tidemark trash list' says until when, and 'tidemark trash empty' "
                            + "frees them");
        }
    }

    private void verified() {
        Summary.Verified verified = summary.verified();
        if (verified == null) {
            if (summary.swept() != null && !summary.swept().deleted().isEmpty()) {
                page.entry(
                        "", terminal.bad("not verified yet: nobody has looked whether live manifests need any of it"));
            }
            return;
        }
        String found = Counted.of(verified.manifests(), "live manifest") + " verified: "
                + Counted.of(verified.missing(), "file") + " missing because of this run, "
                + Counted.of(verified.before(), "blob") + " before it";
        page.entry("", verified.missing() > 0 ? terminal.bad(found) : found);
        verified.lost().stream()
                .limit(SummaryText.LISTED)
                .forEach(lost -> page.entry(
                        "",
                        lost.repository() + " lacks the " + name(lost.kind()) + " "
                                + Digest.shortened(lost.digest().toString())));
    }

    static String name(Kind kind) {
        return switch (kind) {
            case LAYER -> "layer link";
            case MULTIPART -> "multipart upload";
            case DIRECTORY -> "empty directory";
            case REPOSITORY -> "empty repository";
            case LINK -> "dangling link";
            case TAG, MANIFEST, BLOB, UPLOAD -> kind.name().toLowerCase(Locale.ROOT);
        };
    }
}
