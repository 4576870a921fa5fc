package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Totals;
import java.util.ArrayList;
import java.util.List;

/** The blobs that are live and not there, counted again, and the images that are broken for that. */
final class BrokenRecount {

    private final Expected expected;
    /** By partition. */
    private final long[] missing;

    BrokenRecount(Expected expected) {
        this.expected = expected;
        missing = new long[expected.topics().partitions()];
        Sql.each(
                expected.connection(),
                """
        SELECT d.text FROM (
            SELECT digest FROM temp.referenced WHERE required
            UNION
            SELECT m.digest FROM manifest m JOIN live l ON l.digest = m.digest WHERE NOT m.dangling
              AND m.modified < ?) needed
          JOIN digest d ON d.id = needed.digest
        WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.digest = needed.digest)""",
                row -> missing[expected.partition(row.getString(1))]++,
                expected.options().cutoff());
    }

    /** The differences, in words, between what a partition says and what is counted here. */
    List<String> differences(int partition, Totals said) {
        List<String> differences = new ArrayList<>();
        if (said.missing() != missing[partition]) {
            differences.add("missing blobs (%d, and counted again %d)".formatted(said.missing(), missing[partition]));
        }
        if (!right(partition, said.broken())) {
            differences.add("which images are broken");
        }
        return differences;
    }

    /**
     * The first of the missing ones, of which one parent is named: which one depends on the order in which marks came
     * in.
     */
    private boolean right(int partition, List<Totals.Missing> said) {
        return Recount.lists(said, missing[partition], Totals.Missing::blob, image -> is(partition, image));
    }

    private boolean is(int partition, Totals.Missing image) {
        return expected.topics().partition(image.blob()) == partition
                && (image.manifest().equals(image.blob()) ? itself(image) : needed(image)) > 0;
    }

    private long needed(Totals.Missing image) {
        return Sql.number(
                expected.connection(),
                """
        SELECT count(*) FROM temp.expected_mark x JOIN digest c ON c.id = x.child JOIN digest p ON p.id = x.parent
        JOIN repository r ON r.id = x.repository
        WHERE x.child = (SELECT id FROM digest WHERE text = ?) AND p.text = ? AND r.name = ? AND NOT x.optional
          AND NOT EXISTS (SELECT 1 FROM blob b
            WHERE b.digest = x.child)""",
                image.blob().toString(),
                image.manifest().toString(),
                image.repository());
    }

    /** A manifest that an earlier run has read, and whose blob is gone. */
    private long itself(Totals.Missing image) {
        return Sql.number(
                expected.connection(),
                """
        SELECT count(*) FROM manifest m JOIN digest d ON d.id = m.digest JOIN repository r ON r.id = m.repository
        WHERE d.text = ? AND r.name = ? AND NOT m.dangling AND m.modified < ?
          AND NOT EXISTS (SELECT 1 FROM blob b WHERE b.digest = m.digest)""",
                image.blob().toString(),
                image.repository(),
                expected.options().cutoff());
    }
}
