package dev.tidemark.report.page;

import dev.tidemark.evidence.policy.Replayed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lines of the bytes that policies keep, run by run. They are drawn in thousandths of the area in which they lie, all
 * else in percent of the chart.
 *
 * @param from when the first run was asked for, in ms since the epoch
 * @param to when the last was
 */
record KeptLines(List<Series> series, List<LineChart.Grid> grid, long from, long to) {

    /** The stylesheet has so many looks of a line. */
    private static final int LOOKS = 6;

    /**
     * The line of one policy: the bytes that it keeps.
     *
     * @param look how the stylesheet calls its colour and its dashes
     * @param path of its line
     */
    record Series(String name, String look, String path, List<Point> points) {}

    record Point(String run, long bytes, String x, String y) {}

    /** @param results of two runs or more, the earliest first */
    static KeptLines of(List<Replayed> results) {
        Map<String, List<Replayed>> byPolicy = new LinkedHashMap<>();
        results.forEach(result -> byPolicy.computeIfAbsent(Replays.name(result), name -> new ArrayList<>())
                .add(result));
        long top = LineChart.roundUp(results.stream()
                .mapToLong(result -> result.amounts().bytesKept())
                .max()
                .orElse(1));
        long from = at(results.getFirst());
        long to = at(results.getLast());
        List<Series> series = new ArrayList<>();
        byPolicy.forEach((name, of) -> series.add(series(name, "s" + series.size() % LOOKS, of, top, from, to)));
        return new KeptLines(series, LineChart.grid(top), from, to);
    }

    private static Series series(String name, String look, List<Replayed> results, long top, long from, long to) {
        var path = new StringBuilder();
        List<Point> points = new ArrayList<>();
        for (Replayed result : results) {
            double x = LineChart.x(at(result), from, to);
            long bytes = result.amounts().bytesKept();
            path.append(path.isEmpty() ? "M" : "L")
                    .append(Charts.decimal(x * 10))
                    .append(' ')
                    .append(LineChart.thousandths(bytes, top));
            points.add(new Point(result.run(), bytes, Charts.decimal(x), LineChart.y(bytes, top)));
        }
        return new Series(name, look, path.toString(), points);
    }

    private static long at(Replayed result) {
        return Instant.parse(result.asOf()).toEpochMilli();
    }
}
