package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The outcome of an eligible record at the sweeper: the record of the topic {@code deletions}. A file that leaves the
 * trash later has a {@link TrashRecord}.
 *
 * @param repository where; null for a blob, and for its directory
 * @param tag its name; null for anything but a tag
 * @param path of an upload, an empty directory or a dangling link, as {@link EligibleRecord.Eligible#path}; null for
 *     anything else
 * @param outcome deleted by this try, or by one that was cut off before it could say so; or why not
 * @param bytes the bytes freed, as {@link EligibleRecord.Eligible#bytes}; 0 unless the outcome is deleted
 * @param why the reason for which it was spared, or the failure; null otherwise
 * @param keep how long the trash keeps it at least, in ms; null if it is in no trash
 * @param at ms since the epoch
 */
public record DeletionRecord(
        RunId run,
        Kind kind,
        Digest digest,
        String repository,
        String tag,
        String path,
        Outcome outcome,
        long bytes,
        String why,
        Long keep,
        long at) {

    public DeletionRecord {
        Fields.require(run, kind, digest, outcome);
        if ((outcome == Outcome.SPARED || outcome == Outcome.FAILED) && why == null) {
            throw new IllegalArgumentException("what spared it, or failed, has to be said");
        }
        if ((tag == null) == (kind == Kind.TAG)) {
            throw new IllegalArgumentException("a tag's record, and no other, has its name");
        }
        kind.requirePath(path);
    }

    /** Of anything that needs no name and no path, and is in no trash. */
    public DeletionRecord(
            RunId run, Kind kind, Digest digest, String repository, Outcome outcome, long bytes, String why, long at) {
        this(run, kind, digest, repository, null, null, outcome, bytes, why, null, at);
    }

    /** How a deletion ended. */
    public enum Outcome {
        @JsonProperty("deleted")
        DELETED,
        @JsonProperty("already-gone")
        ALREADY_GONE,
        @JsonProperty("spared")
        SPARED,
        @JsonProperty("failed")
        FAILED
    }
}
