package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Eligibility;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.RunId;
import dev.tidemark.schemas.Topics;
import java.sql.Connection;
import java.util.List;

/**
 * The results that follow from the enumeration: the marks that there have to be, and all that is eligible.
 *
 * @param whole whether all that was enumerated is there: otherwise more may be live than can be seen, and never less
 */
record Expected(Connection connection, Topics topics, RunId run, Options options, boolean whole) {

    Expected {
        Sql.runAll(
                connection,
                List.of(
                        "DROP TABLE IF EXISTS temp.expected_mark",
                        "DROP TABLE IF EXISTS temp.expected_eligible",
                        "DROP TABLE IF EXISTS temp.referenced",
                        // A reference twice in one manifest is one mark, if it is said to be of one size. A referrer is
                        // one as well, and so is a link
                        // that names another digest.
                        """
        CREATE TEMP TABLE expected_mark AS
          SELECT DISTINCT r.parent, r.repository, r.child, r.optional, r.said FROM live l
            JOIN reference r ON r.parent = l.digest
          UNION ALL
          SELECT m.subject, m.repository, m.digest, 1, NULL FROM live l JOIN manifest s ON s.digest = l.digest
            JOIN manifest m ON m.subject = s.digest AND m.repository = s.repository
          UNION ALL
          SELECT a.digest, a.repository, a.target, 1, NULL FROM layer a JOIN live_link k ON k.digest = a.digest
            AND k.repository = a.repository
          WHERE a.target IS NOT NULL""",
                        "CREATE TEMP TABLE expected_eligible AS SELECT e.*, r.partition FROM (" + Eligibility.SELECT
                                + ") e JOIN record r ON r.id = e.record",
                        "CREATE INDEX temp.expected_eligible_of ON expected_eligible (digest, kind, repository, tag)",
                        "CREATE TEMP TABLE referenced (digest INTEGER PRIMARY KEY, required INTEGER NOT NULL)",
                        "INSERT INTO temp.referenced SELECT child, max(NOT optional) FROM temp.expected_mark GROUP "
                                + "BY child"));
    }

    /** The topic that the run's plan is in. */
    String eligibleTopic() {
        return options.dryRun() ? topics.eligibleDryRun() : topics.eligible();
    }

    int partition(String digest) {
        return topics.partition(Digest.parse(digest));
    }
}
