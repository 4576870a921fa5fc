package dev.tidemark.report.page;

import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * Numbers for the charts, which are SVG whose places are in percent: a chart fits any width, and its text keeps its
 * size. Colours and patterns are the stylesheet's.
 */
final class Charts {

    private Charts() {}

    /** The largest value of all, or 1. */
    static <T> long most(List<T> all, ToLongFunction<T> value) {
        return Math.max(1, all.stream().mapToLong(value).max().orElse(1));
    }

    static String percent(long part, long whole) {
        return decimal(whole == 0 ? 0 : 100.0 * part / whole);
    }

    /** {@code 33.333}, {@code 12.5}, {@code 7}. */
    static String decimal(double number) {
        String text = String.format(Locale.ROOT, "%.3f", number);
        return text.contains(".") ? text.replaceAll("\\.?0+$", "") : text;
    }
}
