package dev.tidemark.report.page;

import dev.tidemark.report.data.ReportData.Age;
import java.util.ArrayList;
import java.util.List;

/** Columns of bytes by age. */
final class Columns {

    /** Where the columns stand, in percent of the chart's height. */
    static final int AXIS = 84;

    private static final double HIGHEST = 66;
    private static final List<String> BINS =
            List.of("<1 day", "1–7 days", "7–30 days", "30–90 days", "90–365 days", "1–2 years", ">2 years");

    private Columns() {}

    /**
     * A column.
     *
     * @param bin the ages, in two words
     * @param middle of its width
     */
    record Column(Age age, String bin, String x, String width, String top, String height, String middle) {}

    static List<Column> of(List<Age> ages) {
        long most = Charts.most(ages, Age::bytes);
        double step = 100.0 / ages.size();
        var columns = new ArrayList<Column>();
        for (int i = 0; i < ages.size(); i++) {
            Age age = ages.get(i);
            double height = HIGHEST * age.bytes() / most;
            columns.add(new Column(
                    age,
                    BINS.get(i),
                    Charts.decimal(i * step + step * 0.12),
                    Charts.decimal(step * 0.76),
                    Charts.decimal(AXIS - height),
                    Charts.decimal(height),
                    Charts.decimal((i + 0.5) * step)));
        }
        return columns;
    }
}
