package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * The record of the topic {@code marks}, on which the marker's tasks send marks and barriers to each other.
 *
 * <p>All that one task sends to one partition in one run is numbered without gaps, so that a record that is lost or
 * repeated on the way is seen by the one who receives it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MarksRecord.Marks.class, name = "marks"),
    @JsonSubTypes.Type(value = MarksRecord.EndOfSuperstep.class, name = "end-of-superstep"),
})
public sealed interface MarksRecord {

    /** The run that the record belongs to. */
    RunId run();

    /** The task, that is the partition, that sent it. */
    int from();

    /** Its number among all that the task sent to this partition in this run, from 1. */
    long sequence();

    /** The partition that it is written to. */
    int to();

    /** Marks of one task for one partition. */
    record Marks(RunId run, int from, long sequence, int to, List<Entry> marks) implements MarksRecord {

        public Marks {
            Fields.require(run, marks);
            marks = List.copyOf(marks);
        }

        /**
         * The digests of one partition that are live because of one parent in one repository; or the subject of one.
         *
         * @param parent the manifest that references them, or whose referrers they are, or the alias link's own digest
         * @param repository where the parent is held: the layer links to the digests are live there too
         * @param digests live, and their blobs have to be there
         * @param sizes the sizes that the parent gives for the digests, in bytes. Nothing is live for them
         * @param optionalDigests live; the absence of their blobs would be no damage
         * @param index true if the parent is an index: what it references are manifests, which need no layer links.
         *     Null otherwise
         * @param subject of the parent: it is told who refers to it, and is not live by that. Null if the entry is of
         *     live digests
         */
        public record Entry(
                Digest parent,
                String repository,
                List<Digest> digests,
                Sizes sizes,
                List<Digest> optionalDigests,
                Boolean index,
                Digest subject) {

            public Entry {
                Fields.require(parent, repository);
                digests = digests == null ? List.of() : List.copyOf(digests);
                sizes = Sizes.ofAll(digests, sizes);
                optionalDigests = optionalDigests == null ? List.of() : List.copyOf(optionalDigests);
            }

            /** How many marks it stands for. */
            public int marks() {
                return digests.size() + optionalDigests.size() + (subject == null ? 0 : 1);
            }

            /** Whether the parent is a manifest that needs layer links to the digests, but for the optional ones. */
            public boolean needsLinks() {
                return !Boolean.TRUE.equals(index);
            }
        }
    }

    /**
     * The barrier that ends a superstep of a task, written to every partition.
     *
     * @param superstep from 0
     * @param sent how many marks the task sent in this superstep, to all partitions
     */
    record EndOfSuperstep(RunId run, int from, long sequence, int to, int superstep, long sent) implements MarksRecord {

        public EndOfSuperstep {
            Fields.require(run);
        }
    }
}
