package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Totals;
import java.util.List;

/** The blobs that have another size than live manifests say, counted again. */
final class WrongSizesRecount {

    private static final String WRONG = "FROM named n JOIN live l ON l.digest = n.parent WHERE n.wrong IS NOT NULL ";

    private final Expected expected;
    /** By partition. */
    private final long[] blobs;

    WrongSizesRecount(Expected expected) {
        this.expected = expected;
        blobs = new long[expected.topics().partitions()];
        Sql.each(
                expected.connection(),
                "SELECT d.text FROM (SELECT DISTINCT n.child " + WRONG + ") w JOIN digest d ON d.id = w.child",
                row -> blobs[expected.partition(row.getString(1))]++);
    }

    /** The differences, in words, between what a partition says and what is counted here. */
    List<String> differences(int partition, Totals.WrongSizes said) {
        if (said.blobs() != blobs[partition]) {
            return List.of(
                    "blobs of another size (%d, and counted again %d)".formatted(said.blobs(), blobs[partition]));
        }
        return Recount.lists(said.first(), said.blobs(), Totals.WrongSize::blob, wrong -> is(partition, wrong))
                ? List.of()
                : List.of("which blobs are of another size");
    }

    /** Which of several manifests is named depends on the order in which marks came in. */
    private boolean is(int partition, Totals.WrongSize wrong) {
        return expected.topics().partition(wrong.blob()) == partition
                && Sql.number(
                                expected.connection(),
                                "SELECT count(*) " + WRONG + """
           AND n.child = (SELECT id FROM digest WHERE text = ?) AND n.parent = (SELECT id FROM digest WHERE text = ?)
           AND n.repository = (SELECT id FROM repository WHERE name = ?) AND n.wrong = ? AND n.size = ?""",
                                wrong.blob().toString(),
                                wrong.manifest().toString(),
                                wrong.repository(),
                                wrong.said(),
                                wrong.size())
                        > 0;
    }
}
