package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/**
 * How far a run's enumeration is: the records of the topic {@code work.done}. Each is committed together with what it speaks
 * of, or not at all.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = WorkDoneRecord.Planned.class, name = "planned"),
  @JsonSubTypes.Type(value = WorkDoneRecord.Done.class, name = "done"),
})
public sealed interface WorkDoneRecord {

  /** The run that it belongs to. */
  RunId run();

  /**
   * Items are in {@code work}: all that was there at first, or, in the second round, what came while that was read.
   *
   * @param round 0 or 1
   * @param items how many there are now, those of the round before included
   * @param problems how many of each kind the listing met
   * @param examples the first of them
   * @param registry where its storage is, as the enumerator names it; null if a version wrote it that didn't say so
   * @param work of the items of this round; likewise
   */
  record Planned(
      RunId run, int round, int items, Map<Problem.Kind, Long> problems, List<Problem> examples, String registry, Checksum work)
      implements WorkDoneRecord {
    public Planned {
      Fields.require(run);
      problems = problems == null ? Map.of() : Map.copyOf(problems);
      examples = examples == null ? List.of() : List.copyOf(examples);
    }

    public Planned(RunId run, int round, int items, Map<Problem.Kind, Long> problems, List<Problem> examples) {
      this(run, round, items, problems, examples, null, null);
    }
  }

  /**
   * All records of an item are in their topics.
   *
   * @param repository its name; null for a shard of blobs
   * @param bytes of the blobs
   * @param records how many went where
   * @param problems how many of each kind
   * @param examples the first of them
   * @param said of the repository's record in {@code repositories}; null for a shard, or if a version wrote it that didn't know it
   */
  record Done(
      RunId run,
      int item,
      String repository,
      long manifests,
      long tags,
      long layerLinks,
      long blobs,
      long bytes,
      List<Records> records,
      Map<Problem.Kind, Long> problems,
      List<Problem> examples,
      Checksum said)
      implements WorkDoneRecord {
    public Done {
      Fields.require(run);
      records = records == null ? List.of() : List.copyOf(records);
      problems = problems == null ? Map.of() : Map.copyOf(problems);
      examples = examples == null ? List.of() : List.copyOf(examples);
    }

    public Done(
        RunId run, int item, String repository, long manifests, long tags, long layerLinks, long blobs, long bytes, List<Records> records,
        Map<Problem.Kind, Long> problems, List<Problem> examples) {
      this(run, item, repository, manifests, tags, layerLinks, blobs, bytes, records, problems, examples, null);
    }
  }

  /**
   * How many records went into a partition of a topic.
   *
   * @param checksum of the records or packs that they went in; null if a version wrote it that didn't know it
   */
  record Records(EnumeratedRecord.Input input, int partition, long count, Checksum checksum) {

    public Records {
      Fields.require(input);
    }

    public Records(EnumeratedRecord.Input input, int partition, long count) {
      this(input, partition, count, null);
    }
  }
}
