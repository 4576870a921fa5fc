package dev.tidemark.report.data;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.report.data.ReportData.Tense;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.Totals;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compares the run's own counts with the rows of its index. A report is no audit: it only says where it can't be
 * complete.
 */
final class EvidenceGaps {

    private final Connection index;
    private final List<String> gaps = new ArrayList<>();

    private EvidenceGaps(Connection index) {
        this.index = index;
    }

    /** In sentences; none if they agree. */
    static List<String> of(Connection index, Run run, Tense tense) {
        return new EvidenceGaps(index).compare(run, tense);
    }

    private List<String> compare(Run run, Tense tense) {
        var enumerated = run.enumerated();
        if (enumerated != null) {
            compare(
                    "repositories",
                    "enumerated",
                    enumerated.repositories(),
                    "SELECT count(*) FROM repository WHERE record IS NOT NULL");
            compare("manifests", "enumerated", enumerated.manifests(), "SELECT count(*) FROM manifest");
            compare("layer links", "enumerated", enumerated.layerLinks(), "SELECT count(*) FROM layer");
            compare("blobs", "enumerated", enumerated.blobs(), "SELECT count(*) FROM blob");
        }
        if (run.allDecided()) {
            Totals totals = run.totals();
            compare("manifests", "found eligible", totals.eligibleManifests(), eligible("manifest"));
            compare("layer links", "found eligible", totals.eligibleLayerLinks(), eligible("layer"));
            compare("blobs", "found eligible", totals.eligible().count(), eligible("blob"));
        }
        if (tense == Tense.FREED) {
            compare("deletions", "recorded", run.sweep().records(), "SELECT count(*) FROM deletion");
        }
        return gaps;
    }

    private static String eligible(String kind) {
        return "SELECT count(*) FROM (SELECT 1 FROM eligible WHERE kind = '" + kind + "' GROUP BY digest, repository)";
    }

    private void compare(String what, String did, long counted, String sql) {
        Sql.each(index, sql, row -> {
            if (row.getLong(1) != counted) {
                gaps.add(String.format(
                        Locale.ROOT,
                        "The run says that %,d %s were %s, and the topics have %,d.",
                        counted,
                        what,
                        did,
                        row.getLong(1)));
            }
        });
    }
}
