package dev.tidemark.cli.text;

import dev.tidemark.evidence.explain.DigestExplanation;
import dev.tidemark.evidence.explain.DigestExplanation.Holding;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.ArrayList;
import java.util.List;

/** Prints the repositories that hold or link a digest. */
final class HoldingsText {

    private static final int HOLDINGS = 8;
    private static final int TAGS = 5;

    private final DigestExplanation digest;
    private final ExplanationText text;

    HoldingsText(DigestExplanation digest, ExplanationText text) {
        this.digest = digest;
        this.text = text;
    }

    void print() {
        if (digest.holders() == 0) {
            return;
        }
        text.section(digest.repository() == null ? "In " + Counted.of(digest.holders(), "repository") : "There");
        List<Holding> shown = digest.holdings().stream().limit(HOLDINGS).toList();
        shown.forEach(holding -> text.entry("", holding.repository() + ": " + words(holding)));
        if (digest.repository() == null) {
            text.more(digest.holders(), shown.size(), "repository");
        } else if (digest.holders() > 1) {
            text.entry("", "and in " + Counted.of(digest.holders() - 1, "more repository"));
        }
    }

    private static String words(Holding holding) {
        var words = new ArrayList<String>();
        if (holding.manifest() != null) {
            words.add("manifest " + holding.manifest().word() + tags(holding));
        }
        if (holding.link() != null) {
            words.add("layer link " + holding.link().word());
        }
        if (holding.names() != null) {
            words.add("which names " + Digest.shortened(holding.names()));
        }
        if (holding.pinned() != null) {
            words.add(holding.pinned());
        }
        return String.join(", ", words);
    }

    private static String tags(Holding holding) {
        if (holding.tagCount() == 0) {
            return holding.history().isEmpty()
                    ? ""
                    : ", was "
                            + String.join(
                                    ", ", holding.history().stream().limit(TAGS).toList());
        }
        List<String> shown = holding.tags().stream().limit(TAGS).toList();
        long more = holding.tagCount() - shown.size();
        return ", tagged " + String.join(", ", shown) + (more > 0 ? " and " + Units.number(more) + " more" : "");
    }
}
