package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Checksum;
import java.sql.Connection;

/** The sums of the checksums of the run's records, as they were read; barriers are left out. */
final class Checksums {

    private Checksums() {}

    /** The sum of a partition. */
    static Checksum of(Connection connection, String topic, int partition) {
        Checksum[] sum = {Checksum.NONE};
        Sql.each(
                connection,
                "SELECT sum FROM checksum WHERE topic = ? AND partition = ?",
                row -> sum[0] = Checksum.parse(row.getString(1)),
                topic,
                partition);
        return sum[0];
    }
}
