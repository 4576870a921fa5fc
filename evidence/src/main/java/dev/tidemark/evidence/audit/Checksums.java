package dev.tidemark.evidence.audit;

import dev.tidemark.evidence.index.Sql;
import dev.tidemark.schemas.Checksum;
import java.sql.Connection;

/** What the checksums of the run's records came to, barriers left out, as they were read. */
final class Checksums {

  private Checksums() {}

  /** The sum of a partition. */
  static Checksum of(Connection connection, String topic, int partition) {
    Checksum[] sum = {Checksum.NONE};
    Sql.each(
        connection, "SELECT sum FROM checksum WHERE topic = ? AND partition = ?", row -> sum[0] = Checksum.parse(row.getString(1)), topic, partition);
    return sum[0];
  }
}
