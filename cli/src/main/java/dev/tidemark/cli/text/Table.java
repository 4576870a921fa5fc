package dev.tidemark.cli.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Cells in columns, each as wide as its widest cell; closer together where they would be wider than the terminal
 * otherwise.
 */
public final class Table {

    private static final int GAP = 2;

    private final int indent;
    private final int leftAligned;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param leftAligned how many of the first columns begin at their left; the others are of numbers
     */
    public Table(int indent, int leftAligned) {
        this.indent = indent;
        this.leftAligned = leftAligned;
    }

    public void row(String... cells) {
        row(List.of(cells));
    }

    public void row(List<String> cells) {
        rows.add(List.copyOf(cells));
    }

    /** A line for each row. */
    public List<String> lines(int width) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        int all = indent;
        for (int column : widths) {
            all += column;
        }
        int gap = all + GAP * (columns - 1) <= width ? GAP : 1;
        return rows.stream().map(row -> line(row, widths, gap)).toList();
    }

    private String line(List<String> row, int[] widths, int gap) {
        var line = new StringBuilder(" ".repeat(indent));
        for (int column = 0; column < widths.length; column++) {
            String padding = " ".repeat(widths[column] - row.get(column).length());
            line.append(column == 0 ? "" : " ".repeat(gap));
            line.append(column < leftAligned ? row.get(column) + padding : padding + row.get(column));
        }
        return line.toString().stripTrailing();
    }
}
