package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.ExitCode;
import dev.tidemark.cli.terminal.Output;
import dev.tidemark.cli.terminal.Terminal;
import dev.tidemark.cli.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A list as a command prints it: one JSON document, or a table with a head, or a sentence where there is nothing.
 *
 * @param ifEmpty the sentence
 * @param leftAligned how many of the first columns begin at their left; the others are of numbers
 * @param head of the columns
 * @param cells of a line, as many as the head has
 * @param bad whether a line is of something that went wrong
 */
record PrintedList<T>(
        String ifEmpty, int leftAligned, List<String> head, Function<T, List<String>> cells, Predicate<T> bad) {

    /** A list of which nothing can have gone wrong. */
    PrintedList(String ifEmpty, int leftAligned, List<String> head, Function<T, List<String>> cells) {
        this(ifEmpty, leftAligned, head, cells, line -> false);
    }

    /** Prints the lines, and gives the exit code of it. */
    int print(List<T> lines, Output output, Terminal terminal) {
        output.print(lines, () -> text(lines, terminal), terminal);
        return ExitCode.DONE;
    }

    private List<String> text(List<T> lines, Terminal terminal) {
        if (lines.isEmpty()) {
            return List.of(ifEmpty);
        }
        var table = new Table(0, leftAligned);
        table.row(head);
        lines.forEach(line -> table.row(cells.apply(line)));
        List<String> rows = table.lines(terminal.width());

        List<String> text = new ArrayList<>(List.of(terminal.bold(rows.getFirst())));
        for (int i = 0; i < lines.size(); i++) {
            String row = rows.get(i + 1);
            text.add(bad.test(lines.get(i)) ? terminal.bad(row) : row);
        }
        return text;
    }
}
