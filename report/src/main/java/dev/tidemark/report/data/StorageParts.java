package dev.tidemark.report.data;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.report.data.ReportData.Fate;
import dev.tidemark.report.data.ReportData.Part;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.sql.Connection;
import java.util.EnumMap;
import java.util.List;

/** A storage's blobs in parts, by what became of them. */
final class StorageParts {

    private StorageParts() {}

    /** The marker's own totals, and of what was eligible what the sweeper did with it. */
    static List<Part> of(Connection index, Run run) {
        if (!run.allDecided()) {
            return List.of();
        }
        Totals totals = run.totals();
        var parts = new EnumMap<Fate, Tally>(Fate.class);
        totals.kept().forEach((why, tally) -> parts.merge(kept(why), tally, Tally::plus));
        parts.put(Fate.LIVE, minus(totals.live(), sum(parts.values())));
        var done = new EnumMap<Fate, Tally>(Fate.class);
        Sql.each(index, """
        SELECT outcome, count(*), sum(b.size)
        FROM (SELECT digest, outcome, max(record) FROM deletion WHERE kind = 'blob' GROUP BY digest) d
          JOIN blob b USING (digest)
        GROUP BY outcome""", row -> done.put(fate(row.getString(1)), new Tally(row.getLong(2), row.getLong(3))));
        parts.putAll(done);
        parts.put(Fate.ELIGIBLE, minus(totals.eligible(), sum(done.values())));
        return parts.entrySet().stream()
                .filter(part -> part.getValue().count() > 0)
                .map(part -> new Part(
                        part.getKey(), part.getValue().count(), part.getValue().bytes()))
                .toList();
    }

    /** The fate of a blob by the marker's reason. */
    private static Fate kept(String why) {
        if (why.startsWith("young")) {
            return Fate.YOUNG;
        }
        return why.equals("held") ? Fate.HELD : Fate.CONSERVATIVE;
    }

    private static Fate fate(String outcome) {
        return switch (outcome) {
            case "deleted" -> Fate.DELETED;
            case "already-gone" -> Fate.ALREADY_GONE;
            case "spared" -> Fate.SPARED;
            case "failed" -> Fate.FAILED;
            default -> throw new ReportException("the index has an outcome that is none: " + outcome, null);
        };
    }

    private static Tally minus(Tally whole, Tally part) {
        return new Tally(Math.max(0, whole.count() - part.count()), Math.max(0, whole.bytes() - part.bytes()));
    }

    static Tally sum(Iterable<Tally> tallies) {
        Tally sum = Tally.NONE;
        for (Tally tally : tallies) {
            sum = sum.plus(tally);
        }
        return sum;
    }
}
