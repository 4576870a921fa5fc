package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** A piece of a run's enumeration that one enumerator reads: the records of the topic {@code work}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkRecord.Shards.class, name = "shards"),
    @JsonSubTypes.Type(value = WorkRecord.Repository.class, name = "repository"),
    @JsonSubTypes.Type(value = WorkRecord.Multiparts.class, name = "multiparts"),
    @JsonSubTypes.Type(value = WorkRecord.Trash.class, name = "trash"),
})
public sealed interface WorkRecord {

    /** The run that it belongs to. */
    RunId run();

    /** Its number in the run, from 0. */
    int item();

    /**
     * A blob that whoever reads it has to find in its own storage: it is that of the run then. Null if nobody has found
     * one.
     */
    Witness witness();

    /**
     * Some of the directories that an algorithm's blobs are spread over: those from the first to the last, both
     * included.
     *
     * @param algorithm its prefix, as {@code sha256}
     * @param first the name of the first: the first two hex digits of the digests in it
     * @param last the name of the last; if it is another one, both are hex digits
     * @param pinned why all blobs of the run are kept; null if nothing pins them
     * @param holds that keep a blob of the algorithm, whatever links it
     */
    record Shards(
            RunId run,
            int item,
            String algorithm,
            String first,
            String last,
            String pinned,
            List<Hold> holds,
            Witness witness)
            implements WorkRecord {
        public Shards {
            Fields.require(run, algorithm, first, last);
            holds = holds == null ? List.of() : List.copyOf(holds);
        }
    }

    /**
     * A repository, by its name.
     *
     * @param holds of something in it
     * @param heldAnywhere how many holds of digests, wherever they are, the run's plan has that may keep a tag; null if
     *     it has none. They are not repeated here: there may be as many as there are repositories
     * @param pullsSince from when on every pull is known, in ms since the epoch; null if nobody collects them
     */
    record Repository(
            RunId run, int item, String name, List<Hold> holds, Integer heldAnywhere, Long pullsSince, Witness witness)
            implements WorkRecord {
        public Repository {
            Fields.require(run, name);
            holds = holds == null ? List.of() : List.copyOf(holds);
        }
    }

    /**
     * The multipart uploads of a bucket, wherever they are: one listing has them all.
     *
     * @param holds of whole repositories
     */
    record Multiparts(RunId run, int item, List<Hold> holds, Witness witness) implements WorkRecord {
        public Multiparts {
            Fields.require(run);
            holds = holds == null ? List.of() : List.copyOf(holds);
        }
    }

    /** The files that sweeps have taken out of the registry, and the file system that they are on, to be counted. */
    record Trash(RunId run, int item, Witness witness) implements WorkRecord {
        public Trash {
            Fields.require(run);
        }
    }
}
