package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * The record of the topics {@code eligible} and {@code eligible.dry-run}: a manifest, a layer link or a blob to delete,
 * or the barrier at the end of a run.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = EligibleRecord.Eligible.class, name = "eligible"),
    @JsonSubTypes.Type(value = EligibleRecord.EndOfEligible.class, name = "end-of-eligible"),
})
public sealed interface EligibleRecord {

    /** The run that the record belongs to. */
    RunId run();

    /**
     * Delete this. The records of one digest follow each other in the order in which they are to be deleted: manifests,
     * layer links, blob.
     *
     * @param repository where; null for a blob
     * @param bytes what the deletion frees: the blob's size; 0 for a manifest's links and for a layer link, whose blob,
     *     if it is eligible too, has its own record
     * @param reason why it is not live, in words
     * @param modified when it was last written, as enumerated, in ms since the epoch
     * @param history a manifest's tags that have it in their history: those entries go with it
     * @param unreferencedSince the first run that found the digest not live, of those that followed each other up to
     *     this one
     */
    record Eligible(
            RunId run,
            Kind kind,
            Digest digest,
            String repository,
            long bytes,
            String reason,
            long modified,
            List<String> history,
            RunId unreferencedSince)
            implements EligibleRecord {

        public Eligible {
            Fields.require(run, kind, digest);
            if (repository == null && kind != Kind.BLOB) {
                throw new IllegalArgumentException("its repository is missing");
            }
            history = history == null ? List.of() : List.copyOf(history);
        }
    }

    /**
     * The barrier after a run's last record in a partition.
     *
     * @param records how many there are
     * @param checksum of them
     */
    record EndOfEligible(RunId run, int partition, long records, Checksum checksum) implements EligibleRecord {

        public EndOfEligible {
            Fields.require(run, checksum);
        }
    }
}
