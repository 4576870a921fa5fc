package dev.tidemark.report.data;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.report.data.ReportData.Age;
import dev.tidemark.schemas.Tally;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A histogram of the eligible blobs by their ages. */
final class EligibleAges {

    /** Ages in days that a histogram's columns end at. */
    private static final List<Integer> AGES = List.of(1, 7, 30, 90, 365, 730);

    private static final List<String> AGE_LABELS = List.of(
            "under 1 day",
            "1 to 7 days",
            "7 to 30 days",
            "30 to 90 days",
            "90 days to 1 year",
            "1 to 2 years",
            "over 2 years");

    private EligibleAges() {}

    /** The columns, the youngest first, in a run that was requested at that time. */
    static List<Age> of(Connection index, long requestedAt) {
        var tallies = new ArrayList<Tally>(Collections.nCopies(AGE_LABELS.size(), Tally.NONE));
        Sql.each(
                index,
                """
        SELECT (?1 - modified) / ?2 AS days, count(*), sum(bytes) FROM eligible WHERE kind = 'blob' GROUP BY days""",
                row -> {
                    long days = row.getLong(1);
                    int column = (int) AGES.stream().filter(age -> days >= age).count();
                    tallies.set(column, tallies.get(column).plus(new Tally(row.getLong(2), row.getLong(3))));
                },
                requestedAt,
                Duration.ofDays(1).toMillis());
        var ages = new ArrayList<Age>();
        for (int i = 0; i < AGE_LABELS.size(); i++) {
            ages.add(new Age(
                    AGE_LABELS.get(i),
                    i < AGES.size() ? AGES.get(i) : null,
                    tallies.get(i).count(),
                    tallies.get(i).bytes()));
        }
        return ages;
    }
}
