package dev.tidemark.enumerator;

import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.RepositoryRecord;

/** Where the readers put what they find. Called by many threads at once. */
interface Input {

  /**
   * A manifest, a blob or a layer link.
   *
   * @param repository that holds it; null for a blob
   */
  void put(String repository, EnumeratedRecord.Entry entry);

  /** A repository, once all of it was put. */
  void put(RepositoryRecord record);
}
