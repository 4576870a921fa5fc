package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A piece of a run's enumeration that one enumerator reads: the records of the topic {@code work}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = WorkRecord.Shard.class, name = "shard"),
  @JsonSubTypes.Type(value = WorkRecord.Repository.class, name = "repository"),
})
public sealed interface WorkRecord {

  /** The run that it belongs to. */
  RunId run();

  /** Its number in the run, from 0. */
  int item();

  /**
   * One of the directories that an algorithm's blobs are spread over.
   *
   * @param algorithm its prefix, as {@code sha256}
   * @param name the first two hex digits of the digests in it
   * @param pinned why all blobs of the run are kept; null if nothing pins them
   */
  record Shard(RunId run, int item, String algorithm, String name, String pinned) implements WorkRecord {
    public Shard {
      Fields.require(run, algorithm, name);
    }
  }

  /** A repository, by its name. */
  record Repository(RunId run, int item, String name) implements WorkRecord {
    public Repository {
      Fields.require(run, name);
    }
  }
}
