package dev.tidemark.cli.text;

import dev.tidemark.cli.run.Summary;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Totals;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.List;
import java.util.function.Function;

/** Prints the live images of a summary that can't be pulled: broken ones, and those that the registry won't serve. */
final class BrokenText {

    private final Summary summary;
    private final Terminal terminal;
    private final WrappedText page;

    BrokenText(Summary summary, Terminal terminal, WrappedText page) {
        this.summary = summary;
        this.terminal = terminal;
        this.page = page;
    }

    void print() {
        missing();
        wrongSizes();
        unlinked();
    }

    private void missing() {
        if (summary.broken().missing() > 0) {
            page.section(terminal.bad("Broken already: live, and a blob that they name is not there"));
            images(
                    summary.broken().images(),
                    BrokenText::lacks,
                    summary.broken().missing(),
                    " more (--format json lists them)");
        }
    }

    private void wrongSizes() {
        Summary.WrongSizes wrong = summary.wrongSizes();
        if (wrong != null) {
            page.section(terminal.bad("Broken already: live, and a blob has another size than they say"));
            images(wrong.images(), BrokenText::says, wrong.blobs(), " more (--format json lists them)");
        }
    }

    private void unlinked() {
        Summary.Unlinked unlinked = summary.unlinked();
        if (unlinked == null) {
            return;
        }
        page.section(terminal.bad("Not served: live, and their layer links are not there, while their blobs are"));
        images(unlinked.images(), BrokenText::lacks, unlinked.links(), " more");
        if (unlinked.repaired() > 0) {
            page.entry(Units.number(unlinked.repaired()), "written again");
        }
        unlinked.failed().forEach((why, count) -> page.entry(Units.number(count), terminal.bad("not written: " + why)));
        if (unlinked.repaired() < unlinked.links() && unlinked.failed().isEmpty()) {
            page.entry("", "--repair writes them again");
        }
    }

    private <T> void images(List<T> images, Function<T, String> words, long all, String more) {
        images.stream().limit(SummaryText.LISTED).forEach(image -> page.entry("", words.apply(image)));
        if (all > SummaryText.LISTED) {
            page.entry("", "and " + Units.number(all - SummaryText.LISTED) + more);
        }
    }

    private static String lacks(Totals.Missing image) {
        return named(image.repository(), image.manifest()) + " lacks "
                + Digest.shortened(image.blob().toString());
    }

    private static String says(Totals.WrongSize image) {
        return "%s says %s of %s, which has %s"
                .formatted(
                        named(image.repository(), image.manifest()),
                        Counted.of(image.said(), "byte"),
                        Digest.shortened(image.blob().toString()),
                        Units.number(image.size()));
    }

    private static String named(String repository, Digest manifest) {
        return repository + "@" + Digest.shortened(manifest.toString());
    }
}
