package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * The record of the topics {@code eligible} and {@code eligible.dry-run}: a tag, a manifest, a layer link, a blob or
 * a leftover to delete, or the barrier at the end of a run.
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
     * Delete this. The tags of a partition come first. The other records of one digest follow each other in the order
     * in which they are to be deleted: manifests, layer links, blob.
     *
     * @param digest for a tag, the one that it names; for a leftover, that of its path
     * @param repository where; null for a blob, for its directory, and for a multipart upload that is of none
     * @param tag its name; null for anything but a tag
     * @param path of an upload, a multipart upload, an empty directory or a dangling link, below that of its
     *     repository, if it is in one; null for anything else
     * @param bytes what the deletion frees: the size of the blob, or of the upload or its parts; 0 for a tag, a
     *     manifest's links, a layer link and what is empty: the blob, if it is eligible too, has its own record
     * @param reason why it is not live, in words
     * @param modified when it was last written, as enumerated, in ms since the epoch
     * @param history a manifest's tags that have it in their history: those entries go with it
     * @param unreferencedSince the first run that found the digest not live, of those that followed each other up to
     *     this one; for a tag, the first that found a policy to let it go, and for a leftover, that found it old enough
     */
    record Eligible(
            RunId run,
            Kind kind,
            Digest digest,
            String repository,
            String tag,
            String path,
            long bytes,
            String reason,
            long modified,
            List<String> history,
            RunId unreferencedSince)
            implements EligibleRecord {

        public Eligible {
            Fields.require(run, kind, digest);
            if (repository == null && !kind.mayBeAnywhere()) {
                throw new IllegalArgumentException("its repository is missing");
            }
            if ((tag == null) == (kind == Kind.TAG)) {
                throw new IllegalArgumentException("a tag's record, and no other, has its name");
            }
            kind.requirePath(path);
            history = history == null ? List.of() : List.copyOf(history);
        }

        /** Of anything that needs no path. */
        public Eligible(
                RunId run,
                Kind kind,
                Digest digest,
                String repository,
                String tag,
                long bytes,
                String reason,
                long modified,
                List<String> history,
                RunId unreferencedSince) {
            this(run, kind, digest, repository, tag, null, bytes, reason, modified, history, unreferencedSince);
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
