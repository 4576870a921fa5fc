package dev.tidemark.enumerator.publish;

import dev.tidemark.schemas.Checksum;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.RepositoryRecord;

/** Where the readers put what they find. Called by many threads at once. */
public interface Input {

  /**
   * A manifest, a blob or a layer link.
   *
   * @param repository that holds it; null for a blob
   */
  void put(String repository, EnumeratedRecord.Entry entry);

  /** A repository, once all of it was put. Returns the checksum of its record. */
  Checksum put(RepositoryRecord record);

  /** The checksum of what went into a partition of a topic, all that was put, if anything went there. */
  Checksum sent(EnumeratedRecord.Input input, int partition);
}
