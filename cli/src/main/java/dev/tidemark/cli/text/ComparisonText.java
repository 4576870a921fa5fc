package dev.tidemark.cli.text;

import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.compare.Comparison;
import dev.tidemark.evidence.compare.Comparison.Group;
import dev.tidemark.evidence.compare.Comparison.Names;
import dev.tidemark.evidence.compare.Comparison.Side;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** A comparison of two runs for people: it fits a screen. */
public final class ComparisonText {

    /** Lines of each list. */
    public static final int LISTED = 5;

    private final Comparison comparison;
    private final Terminal terminal;
    private final WrappedText page;
    /** Whether the later side is a replay of the earlier one. */
    private final boolean replay;

    private ComparisonText(Comparison comparison, Terminal terminal) {
        this.comparison = comparison;
        this.terminal = terminal;
        page = new WrappedText(terminal);
        replay = comparison.replay() != null;
    }

    public static List<String> of(Comparison comparison, Terminal terminal) {
        return new ComparisonText(comparison, terminal).build();
    }

    private List<String> build() {
        head();
        sides();
        groups();
        listed(
                replay ? "Would go, too" : "Became eligible",
                comparison.becameEligible(),
                manifest -> manifest.tag() == null ? "" : ", was " + manifest.tag());
        listed(
                replay ? "Would stay" : "Rescued",
                comparison.rescued(),
                manifest -> manifest.tag() == null ? "" : ", now " + manifest.tag());
        repositories();
        grown();
        return page.lines();
    }

    private void head() {
        String run = "run " + comparison.earlier().run().run();
        page.line(terminal.bold(
                replay
                        ? run + " and its replay with " + Terminal.clean(comparison.replay())
                        : run + " and run " + comparison.later().run().run()));
        comparison.caution().forEach(caution -> page.line("  " + terminal.doubtful(Terminal.clean(caution))));
        page.gap();
    }

    private void sides() {
        page.row(terminal.bold(columns(
                "",
                replay ? "as it ran" : comparison.earlier().run().run(),
                replay ? "replayed" : comparison.later().run().run(),
                "change")));
        count("repositories", Side::repositories);
        count("tags", Side::tags);
        count("manifests", Side::manifests);
        count("layer links", Side::layerLinks);
        count("blobs", Side::blobs);
        bytes("bytes", Side::bytes);
        bytes("live", Side::liveBytes);
        bytes("eligible", Side::eligibleBytes);
    }

    private void count(String name, ToLongFunction<Side> value) {
        side(name, value, Units::number);
    }

    private void bytes(String name, ToLongFunction<Side> value) {
        side(name, value, Units::bytes);
    }

    private void side(String name, ToLongFunction<Side> value, Function<Long, String> text) {
        long before = value.applyAsLong(comparison.earlier());
        long after = value.applyAsLong(comparison.later());
        page.row(row(name, before, after, text));
    }

    /** An amount on either side, and its change. */
    static String row(String name, long before, long after, Function<Long, String> text) {
        return columns(name, text.apply(before), text.apply(after), signed(after - before, text));
    }

    static String columns(String name, String before, String after, String change) {
        return String.format(Locale.ROOT, "  %-14s%17s%17s%17s", name, before, after, change)
                .stripTrailing();
    }

    private static String signed(long change, Function<Long, String> text) {
        return change == 0 ? "" : (change > 0 ? "+" : "-") + text.apply(Math.abs(change));
    }

    private void groups() {
        page.gap();
        int before = page.lines().size();
        String earlier = comparison.earlier().run().run();
        String later = comparison.later().run().run();
        group(replay ? "would go, too" : "became eligible", comparison.becameEligible());
        group("came, and are eligible", comparison.cameEligible());
        group(replay ? "go in both" : "are still eligible", comparison.stillEligible());
        group(replay ? "would stay" : "were rescued", comparison.rescued());
        group("freed by " + earlier, comparison.freedByEarlier());
        group("gone in between", comparison.goneBetween());
        between();
        group("freed by " + later, comparison.freedByLater());
        group("are new", comparison.added());
        if (page.lines().size() == before) {
            page.line("  no blob and no manifest came, went or fared otherwise");
        }
    }

    /** Prints the bytes that runs in between freed: of blobs that are gone, and of those that came and went. */
    private void between() {
        comparison.between().stream()
                .limit(LISTED)
                .forEach(run -> page.line(
                        String.format(Locale.ROOT, "%11s    ", Units.bytes(run.bytes())),
                        "freed in between by " + run.run() + ": " + Counted.of(run.blobs(), "blob")));
        more(comparison.between().size(), Math.min(LISTED, comparison.between().size()), "run");
    }

    private void group(String name, Group group) {
        if (group.isEmpty()) {
            return;
        }
        page.entry(
                Units.bytes(group.bytes()),
                String.format(
                        Locale.ROOT,
                        "%-25s %s, %s",
                        name,
                        Counted.of(group.blobs(), "blob"),
                        Counted.of(group.manifests(), "manifest")));
    }

    private void listed(String title, Group group, Function<Comparison.Manifest, String> tag) {
        if (group.isEmpty()) {
            return;
        }
        page.section(title);
        group.named().stream()
                .limit(LISTED)
                .forEach(manifest -> page.entry(
                        "", manifest.repository() + "@" + Digest.shortened(manifest.digest()) + tag.apply(manifest)));
        more(group.manifests(), Math.min(LISTED, group.named().size()), "manifest");
        if (group.named().isEmpty()) {
            group.largest().stream()
                    .limit(LISTED)
                    .forEach(blob -> page.entry(
                            Units.bytes(blob.bytes()),
                            Digest.shortened(blob.digest())
                                    + (blob.repository() == null ? "" : " in " + blob.repository())));
            more(group.blobs(), Math.min(LISTED, group.largest().size()), "blob");
        }
    }

    private void more(long all, long shown, String what) {
        if (all > shown) {
            page.entry("", "and " + Counted.of(all - shown, "more " + what) + " (--format json lists them)");
        }
    }

    private void repositories() {
        names("New repositories", comparison.newRepositories());
        names("Repositories that are gone", comparison.goneRepositories());
    }

    private void names(String title, Names names) {
        if (names.count() > 0) {
            List<String> first = names.first().stream().limit(LISTED).toList();
            page.section(title);
            page.entry(
                    Units.number(names.count()),
                    String.join(", ", first) + (names.count() > first.size() ? ", …" : ""));
        }
    }

    private void grown() {
        if (!comparison.grown().isEmpty()) {
            page.section("Changed the most (of each repository, all that it links, shared or not)");
            comparison.grown().stream()
                    .limit(LISTED)
                    .forEach(growth -> page.entry(
                            signed(growth.change(), Units::bytes),
                            growth.repository() + ", now " + Units.bytes(growth.after())));
        }
    }
}
