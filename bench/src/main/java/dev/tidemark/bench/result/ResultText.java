package dev.tidemark.bench.result;

import dev.tidemark.bench.tree.TreeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A result as a table: a column a collector, and how they compare. */
public final class ResultText {

    private static final int LABEL = 14;
    private static final int COLUMN = 28;

    private final Result result;
    private final List<Figures> columns;
    private final StringBuilder text = new StringBuilder();

    private ResultText(Result result) {
        this.result = result;
        this.columns = Stream.of(result.reference(), result.tidemark(), result.second())
                .filter(Objects::nonNull)
                .toList();
    }

    public static String of(Result result) {
        return new ResultText(result).text();
    }

    private String text() {
        TreeFacts tree = result.tree();
        line(
                "%s, %s, %s%s  (%,d blobs, %,d manifests, %,d tags, %,d layer links; %,d blobs eligible)",
                tree.size(),
                result.storage(),
                result.deleteUntagged() ? "delete-untagged" : "plain",
                result.sweep() ? ", swept" : "",
                tree.blobs(),
                tree.manifests(),
                tree.tags(),
                tree.layerLinks(),
                result.eligible());
        row("", figures -> figures.collector() + ", " + figures.runs() + (figures.runs() == 1 ? " run" : " runs"), "");
        row("wall", figures -> spread(figures.wallSeconds(), "s", 2), ratio(Figures::wallSeconds));
        row("CPU", figures -> spread(figures.cpuSeconds(), "s", 2), ratio(Figures::cpuSeconds));
        row("peak memory", figures -> spread(figures.peakMegabytes(), "MB", 0), ratio(Figures::peakMegabytes));
        if (columns.stream().anyMatch(figures -> figures.requests().max() > 0)) {
            row("requests", figures -> spread(figures.requests(), "", 0), ratio(Figures::requests));
            for (Figures figures : columns) {
                line(
                        "  %s: %s",
                        figures.collector(),
                        figures.requestsByOperation().entrySet().stream()
                                .map(operation -> "%s %,d".formatted(operation.getKey(), operation.getValue()))
                                .collect(Collectors.joining(", ")));
            }
        }
        if (!result.phases().isEmpty()) {
            line(
                    "  tidemark's phases: %s",
                    result.phases().entrySet().stream()
                            .map(phase -> "%s %.1f s".formatted(phase.getKey(), phase.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        if (!result.remark().isEmpty()) {
            line("  %s", result.remark());
        }
        return text.toString();
    }

    private void row(String label, Function<Figures, String> cell, String ratios) {
        List<String> cells = new ArrayList<>();
        columns.forEach(figures -> cells.add(pad(cell.apply(figures), COLUMN)));
        line("  %s%s%s", pad(label, LABEL), String.join("", cells), ratios);
    }

    /** Each of Tidemark's columns, as a part of the reference's. */
    private String ratio(Function<Figures, Spread> figure) {
        if (result.reference() == null) {
            return "";
        }
        double reference = figure.apply(result.reference()).median();
        return columns.stream()
                .skip(1)
                .map(figures -> {
                    double own = figure.apply(figures).median();
                    double ratio = own / reference;
                    return ratio >= 1 || own == 0
                            ? "× %.2f".formatted(ratio)
                            : "× %.3f (1/%.1f)".formatted(ratio, 1 / ratio);
                })
                .collect(Collectors.joining("  "));
    }

    private static String spread(Spread spread, String unit, int decimals) {
        String number = "%,." + decimals + "f";
        return (spread.min() == spread.max() ? number + " %s" : number + " %s (" + number + "–" + number + ")")
                .formatted(spread.median(), unit, spread.min(), spread.max());
    }

    private static String pad(String cell, int width) {
        return cell + " ".repeat(Math.max(1, width - cell.length()));
    }

    private void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments).stripTrailing())
                .append('\n');
    }
}
