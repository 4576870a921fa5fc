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
   */
  record Planned(RunId run, int round, int items, Map<Problem.Kind, Long> problems, List<Problem> examples)
      implements WorkDoneRecord {
    public Planned {
      Fields.require(run);
      problems = problems == null ? Map.of() : Map.copyOf(problems);
      examples = examples == null ? List.of() : List.copyOf(examples);
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
      List<Problem> examples)
      implements WorkDoneRecord {
    public Done {
      Fields.require(run);
      records = records == null ? List.of() : List.copyOf(records);
      problems = problems == null ? Map.of() : Map.copyOf(problems);
      examples = examples == null ? List.of() : List.copyOf(examples);
    }
  }

  /** How many records went into a partition of a topic. */
  record Records(EnumeratedRecord.Input input, int partition, long count) {}
}
