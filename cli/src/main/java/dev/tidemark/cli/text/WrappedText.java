package dev.tidemark.cli.text;

import dev.tidemark.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Text for people, line by line. No line is wider than the terminal, unless a word alone is: it goes on below,
 * indented.
 */
final class WrappedText {

    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");

    private final int width;
    private final List<String> lines = new ArrayList<>();

    WrappedText(Terminal terminal) {
        width = terminal.width();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    void gap() {
        lines.add("");
    }

    /** Adds a paragraph. Its lines after the first are indented by two more. */
    void line(String text) {
        String words = text.stripLeading();
        int indent = text.length() - words.length();
        wrap(" ".repeat(indent), indent + 2, words);
    }

    /** Adds a paragraph. Its lines after the first begin under the text. Returns the number of its lines. */
    int line(String head, String text) {
        int before = lines.size();
        wrap(head, visible(head), text);
        return lines.size() - before;
    }

    /** As it is: it fits by itself. */
    void row(String text) {
        lines.add(text);
    }

    void section(String title) {
        gap();
        line(title);
    }

    /** A line of a list: an amount of something, and what it is. */
    void entry(String amount, String text) {
        line(String.format(Locale.ROOT, "%11s  ", amount), Terminal.clean(text));
    }

    private void wrap(String head, int indent, String text) {
        var line = new StringBuilder(head);
        int used = visible(head);
        boolean begun = false;
        for (String word : text.split(" ")) {
            if (begun && used + 1 + visible(word) > width) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder(" ".repeat(indent));
                used = indent;
                begun = false;
            }
            if (begun) {
                line.append(' ');
                used++;
            }
            line.append(word);
            used += visible(word);
            begun = true;
        }
        lines.add(line.toString().stripTrailing());
    }

    private static int visible(String text) {
        String shown = COLOUR.matcher(text).replaceAll("");
        return shown.codePointCount(0, shown.length());
    }
}
