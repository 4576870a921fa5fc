package dev.tidemark.cli.text;

import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.evidence.policy.Amounts;
import dev.tidemark.evidence.policy.Replayed;
import dev.tidemark.schemas.text.Counted;
import dev.tidemark.schemas.text.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Replays of runs, for people: one of them fits a screen, several are a table. */
public final class ReplayText {

    private final Terminal terminal;
    private final WrappedText page;

    private ReplayText(Terminal terminal) {
        this.terminal = terminal;
        page = new WrappedText(terminal);
    }

    /** @param results of each run first what it has decided itself */
    public static List<String> of(List<Replayed> results, Terminal terminal) {
        var text = new ReplayText(terminal);
        return results.size() == 2 ? text.one(results.get(0), results.get(1)) : text.table(results);
    }

    private List<String> one(Replayed run, Replayed replayed) {
        page.line(terminal.bold("run " + run.run() + " with " + Terminal.clean(replayed.policy()) + ", as of "
                + ExplanationText.second(run.asOf())));
        page.line("  "
                + (run.digest() == null ? "the run itself had no policy" : "the run's own policy: " + run.digest()));
        caution(replayed);
        page.gap();
        page.row(terminal.bold(ComparisonText.columns("", "as it ran", "replayed", "change")));
        count("tags kept", run, replayed, Amounts::tagsKept);
        count("tags going", run, replayed, Amounts::tagsGoing);
        count("manifests", run, replayed, Amounts::manifests);
        count("layer links", run, replayed, Amounts::layerLinks);
        count("blobs", run, replayed, Amounts::blobs);
        side("would free", run, replayed, Amounts::bytes, Units::bytes);
        side("bytes kept", run, replayed, Amounts::bytesKept, Units::bytes);
        page.gap();
        difference("would go, too", replayed.more());
        difference("would stay", replayed.less());
        List<String> lines = new ArrayList<>(page.lines());
        lines.addAll(TagGroupText.lines(replayed.rules(), terminal));
        return lines;
    }

    private void caution(Replayed replayed) {
        replayed.caution().forEach(caution -> page.line("  " + terminal.doubtful(Terminal.clean(caution))));
    }

    private void count(String name, Replayed run, Replayed replayed, ToLongFunction<Amounts> value) {
        side(name, run, replayed, value, Units::number);
    }

    private void side(
            String name, Replayed run, Replayed replayed, ToLongFunction<Amounts> value, Function<Long, String> text) {
        long before = value.applyAsLong(run.amounts());
        long after = value.applyAsLong(replayed.amounts());
        page.row(ComparisonText.row(name, before, after, text));
    }

    private void difference(String name, Amounts.Part part) {
        page.entry(
                Units.bytes(part.bytes()),
                String.format(
                        Locale.ROOT,
                        "%-14s %s, %s, %s",
                        name,
                        Counted.of(part.tags(), "tag"),
                        Counted.of(part.manifests(), "manifest"),
                        Counted.of(part.blobs(), "blob")));
    }

    private List<String> table(List<Replayed> results) {
        var table = new Table(0, 2);
        table.row("RUN", "POLICY", "TAGS KEPT", "GOING", "WOULD FREE", "BYTES KEPT");
        results.forEach(result -> table.row(
                result.policy() == null ? result.run() : "",
                result.policy() == null ? "(as it ran)" : Terminal.clean(result.policy()),
                Units.number(result.amounts().tagsKept()),
                Units.number(result.amounts().tagsGoing()),
                Units.bytes(result.amounts().bytes()),
                Units.bytes(result.amounts().bytesKept())));
        table.lines(terminal.width()).forEach(page::row);
        results.forEach(result -> result.caution()
                .forEach(caution -> page.line("run " + result.run() + " with " + Terminal.clean(result.policy()) + ": "
                        + terminal.doubtful(Terminal.clean(caution)))));
        return page.lines();
    }
}
