package dev.tidemark.cli.text;

import dev.tidemark.cli.run.LeftBehind;
import dev.tidemark.cli.run.Phases;
import dev.tidemark.cli.run.Summary;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.Problem;
import dev.tidemark.schemas.TagsGoing;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A summary for people: it fits a screen. */
public final class SummaryText {

    /** Lines of a list of what is wrong, or would be lost. */
    static final int LISTED = 3;

    private final Summary summary;
    private final Terminal terminal;
    private final WrappedText page;

    private SummaryText(Summary summary, Terminal terminal) {
        this.summary = summary;
        this.terminal = terminal;
        page = new WrappedText(terminal);
    }

    public static List<String> of(Summary summary, Terminal terminal) {
        return new SummaryText(summary, terminal).build();
    }

    private List<String> build() {
        head();
        table();
        pulls();
        loses();
        frees();
        kept();
        leftovers();
        new StorageText(summary.storage(), page).print();
        holds();
        problems();
        new BrokenText(summary, terminal, page).print();
        new SweptText(summary, terminal, page).print();
        took();
        advice();
        return page.lines();
    }

    private void head() {
        page.line(terminal.bold(Terminal.clean(summary.registry())) + "  run " + summary.run());
        List<String> options = new ArrayList<>();
        options.add(summary.dryRun() ? "dry run: nothing is deleted" : outcome());
        if (summary.deleteUntagged()) {
            options.add("--delete-untagged");
        }
        if (summary.policy() != null) {
            options.add("--policy (" + summary.policy().digest() + ")");
        }
        options.add("--min-age " + summary.minAge() + " (what was written since " + summary.cutoff() + " is kept)");
        page.line(String.join(", ", options));
        page.gap();
    }

    private String outcome() {
        return summary.state().equals("waiting") ? "waiting for approval: nothing is deleted" : "swept";
    }

    private void table() {
        var table = new Table(2, 1);
        table.row("", "repositories", "tags", "manifests", "layer links", "blobs", "bytes");
        table.row(
                "found",
                Units.number(summary.repositories()),
                Units.number(summary.tags()),
                Units.number(summary.manifests().found()),
                Units.number(summary.layerLinks().found()),
                Units.number(summary.blobs().found().count()),
                Units.bytes(summary.blobs().found().bytes()));
        table.row(
                "live",
                "",
                summary.policy() == null ? "" : Units.number(summary.policy().kept()),
                Units.number(summary.manifests().live()),
                Units.number(summary.layerLinks().live()),
                Units.number(summary.blobs().live().count()),
                Units.bytes(summary.blobs().live().bytes()));
        table.row(
                "eligible",
                "",
                summary.policy() == null ? "" : Units.number(summary.policy().going()),
                Units.number(summary.manifests().eligible()),
                Units.number(summary.layerLinks().eligible()),
                Units.number(summary.blobs().eligible().count()),
                Units.bytes(summary.blobs().eligible().bytes()));
        List<String> lines = table.lines(terminal.width());
        page.row(terminal.bold(lines.get(0)));
        page.row(lines.get(1));
        page.row(lines.get(2));
        page.row(terminal.bold(lines.get(3)));
    }

    private void pulls() {
        if (summary.policy() != null && summary.policy().pulls() != null) {
            String since = summary.policy().pulls().since();
            page.gap();
            page.line(
                    since == null
                            ? "No events of pulls are collected: pulledWithin and newestPulled count as met."
                            : "Pulls are known since " + since
                                    + ": where that is not long enough, pulledWithin and newestPulled count as met.");
        }
    }

    private void loses() {
        Summary.ByPolicy policy = summary.policy();
        if (policy == null || (policy.emptied() == 0 && policy.most() == null)) {
            return;
        }
        page.section("Loses the most tags");
        TagsGoing.Share most = policy.most();
        policy.first().stream().limit(LISTED).forEach(repository -> page.entry("all", repository));
        if (policy.emptied() > LISTED) {
            page.entry("all", Units.number(policy.emptied() - LISTED) + " more");
        }
        if (most != null && !policy.first().contains(most.repository())) {
            page.entry(Units.number(most.going()), "of " + Units.number(most.tags()) + ": " + most.repository());
        }
    }

    private void frees() {
        if (!summary.frees().isEmpty()) {
            page.section("Frees the most");
            summary.frees()
                    .forEach(freed -> page.entry(
                            Units.bytes(freed.bytes()),
                            freed.repository().isEmpty() ? "(linked by no repository)" : freed.repository()));
        }
    }

    private void kept() {
        if (!summary.kept().isEmpty()) {
            page.section("Kept for this alone");
            summary.kept()
                    .forEach((why, tally) ->
                            page.entry(Units.bytes(tally.bytes()), Counted.of(tally.count(), "blob") + ": " + why));
        }
    }

    private void leftovers() {
        LeftBehind left = summary.leftovers();
        if (left == null) {
            return;
        }
        page.section("Left behind");
        left.eligible()
                .forEach((kind, tally) -> left(kind, tally, "eligible: " + LeftoverText.eligible(kind, left.age())));
        left.kept().forEach((kind, tally) -> left(kind, tally, "kept: " + LeftoverText.kept(kind)));
    }

    private void left(Kind kind, Tally tally, String why) {
        page.entry(Units.bytes(tally.bytes()), Counted.of(tally.count(), SweptText.name(kind)) + ", " + why);
    }

    private void holds() {
        if (summary.holds() != null) {
            page.section("Held");
            page.entry(
                    Units.number(summary.holds()),
                    (summary.holds() == 1 ? "hold" : "holds") + " counted: 'tidemark hold list' has them");
        }
    }

    private void problems() {
        if (!summary.problems().isEmpty()) {
            page.section("Not as it should be, and no obstacle");
            summary.problems().forEach((title, count) -> page.entry(Units.number(count), title + example(title)));
        }
    }

    private String example(String title) {
        return summary.examples().stream()
                .filter(problem -> problem.kind().title().equals(title))
                .findFirst()
                .map(problem -> ", as " + shortened(problem))
                .orElse("");
    }

    /** Digests are long, and their beginning tells them apart. */
    private static String shortened(Problem problem) {
        return (problem.where() + " (" + problem.why() + ")").replaceAll("([0-9a-f]{12})[0-9a-f]{52,}", "$1…");
    }

    private void advice() {
        if (summary.trashNote() != null) {
            page.line(summary.trashNote());
        }
        if (summary.leftoversNote() != null) {
            page.line(summary.leftoversNote());
        }
        if (summary.cache() != null) {
            page.line(terminal.bold(Terminal.clean(summary.cache())));
        }
    }

    private void took() {
        List<String> phases = new ArrayList<>();
        for (Phases.Phase phase : Phases.Phase.values()) {
            String name = phase.name().toLowerCase(Locale.ROOT);
            Double seconds = summary.seconds().get(name);
            if (seconds != null) {
                phases.add(name + " " + Units.elapsed(Duration.ofMillis(Math.round(seconds * 1000))));
            }
        }
        double total = summary.seconds().values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        page.gap();
        page.line("Took " + Units.elapsed(Duration.ofMillis(Math.round(total * 1000))) + ": "
                + String.join(", ", phases));
    }
}
