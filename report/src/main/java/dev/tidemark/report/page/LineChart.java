package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData.Past;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of the bytes that the registry held at each run, and fell to when it was swept. The line itself is drawn in
 * thousandths of the area in which it lies, all else in percent of the chart.
 *
 * @param held the line, as a path
 * @param area under the line, as a path
 * @param points the runs; only the last if they were too close
 * @param falling whether the last run held less than the one before
 */
record LineChart(
        String held,
        String area,
        List<Fall> falls,
        List<Point> points,
        Point end,
        List<Grid> grid,
        Past first,
        boolean falling) {

    private static final int POINTS = 60;
    private static final int GRID = 4;

    /** Distances of lines that people count in. */
    private static final double[] STEPS = {1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};

    record Point(Past run, String x, String y) {}

    /** The bytes that a sweep freed, as a fall of the line from {@code y} down to {@code to}. */
    record Fall(String run, long freed, String x, String y, String to) {}

    record Grid(long bytes, String y) {}

    /** @param runs two or more, the earliest first */
    static LineChart of(List<Past> runs) {
        long top = roundUp(runs.stream().mapToLong(Past::held).max().orElse(1));
        Past first = runs.getFirst();
        var outline = new StringBuilder();
        var strokes = new StringBuilder();
        var falls = new ArrayList<Fall>();
        var points = new ArrayList<Point>();
        double x = 0;
        for (Past run : runs) {
            x = x(run.at(), first.at(), runs.getLast().at());
            String step = (outline.isEmpty() ? "M" : "L") + Charts.decimal(x * 10) + " " + thousandths(run.held(), top);
            outline.append(step);
            strokes.append(step);
            points.add(new Point(run, Charts.decimal(x), y(run.held(), top)));
            if (run.freed() > 0) {
                long left = run.held() - run.freed();
                outline.append("V").append(thousandths(left, top));
                strokes.append("M").append(Charts.decimal(x * 10)).append(' ').append(thousandths(left, top));
                falls.add(new Fall(run.run(), run.freed(), Charts.decimal(x), y(run.held(), top), y(left, top)));
            }
        }
        Point end = points.getLast();
        boolean falling = runs.get(runs.size() - 2).held() > end.run().held();
        return new LineChart(
                strokes.toString(),
                outline + "L" + Charts.decimal(x * 10) + " 1000H15Z",
                falls,
                points.size() <= POINTS ? points : List.of(end),
                end,
                grid(top),
                first,
                falling);
    }

    static List<Grid> grid(long top) {
        var grid = new ArrayList<Grid>();
        for (int i = 1; i <= GRID; i++) {
            grid.add(new Grid(top / GRID * i, y(top / GRID * i, top)));
        }
        return grid;
    }

    /** The place of a time between those of the first and the last run, in percent. */
    static double x(long at, long first, long last) {
        return 1.5 + 96.0 * (at - first) / Math.max(1, last - first);
    }

    static String thousandths(long value, long top) {
        return Charts.decimal(1000 * (1 - (double) value / top));
    }

    static String y(long value, long top) {
        return Charts.decimal(10 + 78 * (1 - (double) value / top));
    }

    /** A number that is no less, and whose quarters are such that people count in. */
    static long roundUp(long value) {
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(1, value / 4.0))));
        for (double step : STEPS) {
            if (step * unit * 4 >= value) {
                return (long) (step * unit * 4);
            }
        }
        throw new IllegalStateException("the last step is ten times the unit");
    }
}
