package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.ManifestTypes;
import dev.tidemark.schemas.Totals;
import java.util.List;

/** The layer links that live manifests need and their repositories lack, while the blobs are there: counted again. */
final class UnlinkedRecount {

    private static final String UNLINKED = """
        FROM temp.expected_mark x JOIN manifest m ON m.digest = x.parent AND m.repository = x.repository
        JOIN blob b ON b.digest = x.child
        WHERE NOT x.optional AND coalesce(m.media_type, '') NOT IN ('%s', '%s')
          AND NOT EXISTS (SELECT 1 FROM layer k
            WHERE k.digest = x.child AND k.repository = x.repository
          )""".formatted(ManifestTypes.DOCKER_INDEX, ManifestTypes.OCI_INDEX);

    private final Expected expected;
    private final long[] links;

    UnlinkedRecount(Expected expected) {
        this.expected = expected;
        links = new long[expected.topics().partitions()];
        Sql.each(
                expected.connection(),
                "SELECT d.text FROM (SELECT DISTINCT x.child, x.repository " + UNLINKED
                        + ") n JOIN digest d ON d.id = n.child",
                row -> links[expected.partition(row.getString(1))]++);
    }

    /** The differences, in words, between what a partition says and what is counted here. */
    List<String> differences(int partition, Totals.Unlinked said) {
        if (said.links() != links[partition]) {
            return List.of("missing layer links (%d, and counted again %d)".formatted(said.links(), links[partition]));
        }
        boolean right = Recount.lists(
                said.first(),
                said.links(),
                link -> List.of(link.repository(), link.blob()),
                link -> is(partition, link));
        return right ? List.of() : List.of("which layer links are missing");
    }

    /** Which of several parents is named depends on the order in which marks came in. */
    private boolean is(int partition, Totals.Missing link) {
        return expected.topics().partition(link.blob()) == partition
                && Sql.number(
                                expected.connection(),
                                "SELECT count(*) " + UNLINKED + """
           AND x.child = (SELECT id FROM digest WHERE text = ?) AND x.parent = (SELECT id FROM digest WHERE text = ?)
           AND x.repository = (SELECT id FROM repository WHERE name = ?)""",
                                link.blob().toString(),
                                link.manifest().toString(),
                                link.repository())
                        > 0;
    }
}
