package dev.tidemark.report.data;

import static dev.tidemark.report.data.ReportedRun.RUN;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.DescriptorCache;
import dev.tidemark.schemas.Fingerprint;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.OtherFiles;
import dev.tidemark.schemas.RunRecord;
import dev.tidemark.schemas.Sweep;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** Records of a run whose counts agree with its index. */
final class CountedIndex {

    private final Connection index;

    CountedIndex(Connection index) {
        this.index = index;
    }

    RunRecord.Enumerated enumerated(String registry) {
        return new RunRecord.Enumerated(
                RUN,
                registry,
                number("SELECT count(*) FROM repository"),
                number("SELECT count(*) FROM manifest"),
                number("SELECT count(*) FROM tag"),
                number("SELECT count(*) FROM layer"),
                number("SELECT count(*) FROM blob"),
                number("SELECT sum(size) FROM blob"),
                null,
                null,
                0,
                Checksum.NONE,
                DescriptorCache.UNKNOWN,
                null,
                null,
                Fingerprint.NONE,
                OtherFiles.NONE);
    }

    RunRecord.Decided decided(Map<String, Tally> kept) {
        Tally all = new Tally(number("SELECT count(*) FROM blob"), number("SELECT sum(size) FROM blob"));
        Tally eligible = new Tally(eligible("blob"), number("SELECT sum(bytes) FROM eligible WHERE kind = 'blob'"));
        var totals = new Totals(
                new Tally(all.count() - eligible.count(), all.bytes() - eligible.bytes()),
                eligible,
                kept,
                0,
                eligible("manifest"),
                0,
                0,
                eligible("layer"),
                null,
                0,
                null,
                Totals.Unlinked.NONE,
                Totals.WrongSizes.NONE);
        return new RunRecord.Decided(RUN, 0, 1, 3, totals, Checksum.NONE);
    }

    RunRecord.Swept swept() {
        return new RunRecord.Swept(RUN, 0, 1, sweep(), Checksum.NONE, null, null);
    }

    private Sweep sweep() {
        return new Sweep(
                Map.of(Kind.BLOB, new Tally(outcome("deleted"), number("SELECT sum(bytes) FROM deletion"))),
                        outcome("already-gone"),
                Map.of("spared", outcome("spared")), Map.of("failed", outcome("failed")));
    }

    private long outcome(String outcome) {
        return number("SELECT count(*) FROM deletion WHERE outcome = '" + outcome + "'");
    }

    private long eligible(String kind) {
        return number("SELECT count(*) FROM eligible WHERE kind = '" + kind + "'");
    }

    private long number(String sql) {
        try (Statement statement = index.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
