package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/**
 * The progress of a run's enumeration: the records of the topic {@code work.done}. Each is committed together with the
 * records of the work that it reports, or not at all.
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
     * @param registry where its storage is, as the enumerator names it
     * @param work of the items of this round
     * @param holds that count for the run; of the first round
     * @param cache where the registry remembers which blobs it has; null in the second round
     * @param pullsSince from when on every pull is known, in ms since the epoch; null if nobody collects them, and in
     *     the second round
     * @param witnesses blobs by which the services know whether they have the same storage; of the first round
     * @param unknown files in no place where a registry has any, that the listing met; of the first round
     */
    record Planned(
            RunId run,
            int round,
            int items,
            Map<Problem.Kind, Long> problems,
            List<Problem> examples,
            String registry,
            Checksum work,
            List<Hold> holds,
            DescriptorCache cache,
            Long pullsSince,
            List<Witness> witnesses,
            Tally unknown)
            implements WorkDoneRecord {
        public Planned {
            Fields.require(run, registry, work, unknown);
            holds = holds == null ? List.of() : List.copyOf(holds);
            problems = problems == null ? Map.of() : Map.copyOf(problems);
            examples = examples == null ? List.of() : List.copyOf(examples);
            witnesses = witnesses == null ? List.of() : List.copyOf(witnesses);
        }
    }

    /**
     * All records of an item are in their topics.
     *
     * @param repository its name; null for anything else
     * @param going how many of its tags a policy lets go
     * @param orphans how many of those are tags of referrers
     * @param staying how many others there are that name an image which is there, those of referrers left out
     * @param bytes of the blobs
     * @param records how many went where
     * @param problems how many of each kind
     * @param examples the first of them
     * @param said of the repository's record in {@code repositories}; null for anything else
     * @param fingerprint of the repository's links, or of the newest blob that the run has not seen being written
     * @param otherFiles those that are neither blobs nor of uploads
     */
    record Done(
            RunId run,
            int item,
            String repository,
            long manifests,
            long tags,
            long going,
            long orphans,
            long staying,
            long layerLinks,
            long blobs,
            long bytes,
            List<Records> records,
            Map<Problem.Kind, Long> problems,
            List<Problem> examples,
            Checksum said,
            Fingerprint fingerprint,
            OtherFiles otherFiles)
            implements WorkDoneRecord {
        public Done {
            Fields.require(run, fingerprint, otherFiles);
            if (repository != null) {
                Fields.require(said);
            } else if (going != 0 || orphans != 0 || staying != 0) {
                throw new IllegalArgumentException("a repository has tags, and nothing else");
            }
            records = records == null ? List.of() : List.copyOf(records);
            problems = problems == null ? Map.of() : Map.copyOf(problems);
            examples = examples == null ? List.of() : List.copyOf(examples);
        }
    }

    /**
     * How many manifests, blobs, or layer links and leftovers, went into a partition of a topic.
     *
     * @param checksum of the packs that they went in
     */
    record Records(EnumeratedRecord.Input input, int partition, long count, Checksum checksum) {

        public Records {
            Fields.require(input, checksum);
        }
    }
}
