package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.audit.Lifecycle.Said;
import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Run;
import dev.tidemark.schemas.RunRecord.Requested;
import dev.tidemark.schemas.RunRecord.TagsSwept;
import dev.tidemark.schemas.Topics;
import java.sql.Connection;
import java.util.List;

/**
 * Checks that the sweeper has done with nothing else before it was through with the tags of all partitions. Within a
 * partition the order of the records shows it; of others there is only the time, and clocks differ.
 */
final class TagsFirstCheck {

    private static final String OTHERS = """
        SELECT 'the ' || x.kind || ' ' || d.text || ' was done with before all tags were', x.record
        FROM deletion x JOIN digest d ON d.id = x.digest WHERE x.kind <> 'tag\'""";

    private final Connection connection;
    private final Topics topics;
    private final Lifecycle life;
    private final Findings findings;

    TagsFirstCheck(Connection connection, Topics topics, Lifecycle life, Findings findings) {
        this.connection = connection;
        this.topics = topics;
        this.life = life;
        this.findings = findings;
    }

    void check() {
        if (life.requested.isEmpty()) {
            return;
        }
        Requested request = life.requested.getFirst().value();
        if (request.policy() == null || request.options().dryRun()) {
            life.tagsSwept.forEach(said -> findings.add(
                    Finding.Kind.UNEXPECTED, "the run was not to sweep any tags, and is said to have done so", said));
            return;
        }
        boolean all = true;
        for (int partition = 0; partition < topics.partitions(); partition++) {
            all &= partition(partition);
        }
        new OncePerPartition(topics, findings).outside(life.tagsSwept);
        order(all);
    }

    /** Returns whether the tags of a partition are said to be swept. */
    private boolean partition(int partition) {
        List<Said<TagsSwept>> all = new OncePerPartition(topics, findings).of(partition, life.tagsSwept);
        if (all.isEmpty()) {
            return false;
        }
        Said<TagsSwept> said = all.getFirst();
        if (all.size() > 1) {
            // One who takes over from another may say it again.
            findings.gap("that the tags of partition " + partition + " are swept is there " + all.size() + " times");
        }
        if (Sql.number(connection, """
        SELECT count(*) FROM deletion x JOIN record r ON r.id = x.record
        WHERE x.kind = 'tag' AND x.outcome = 'failed' AND r.partition = ?""", partition) > 0) {
            findings.add(
                    Finding.Kind.CONTRADICTION,
                    "the tags of partition " + partition + " are said to be swept, and some could not be deleted",
                    said);
        }
        return true;
    }

    private void order(boolean all) {
        findings.addAll(Finding.Kind.CONTRADICTION, """
        WITH other AS (SELECT r.partition, min(r.offset) AS first FROM deletion x JOIN record r ON r.id = x.record
          WHERE x.kind <> 'tag' GROUP BY 1)
        SELECT 'the tag ' || x.tag || ' of ' || d.text || ' was done with after what is no tag', x.record
        FROM deletion x JOIN record r ON r.id = x.record JOIN other o ON o.partition = r.partition
          JOIN digest d ON d.id = x.digest
        WHERE x.kind = 'tag' AND r.offset > o.first""");
        if (!all) {
            findings.addAll(Finding.Kind.WITHOUT_LEAVE, OTHERS);
            life.swept.forEach(said ->
                    findings.add(Finding.Kind.MISSING, "nothing says that all tags were swept before that", said));
            return;
        }
        long last = life.tagsSwept.stream().mapToLong(Said::at).max().orElseThrow();
        findings.addAll(Finding.Kind.CONTRADICTION, OTHERS + " AND x.at < ?", last - Run.CLOCKS_DIFFER.toMillis());
    }
}
