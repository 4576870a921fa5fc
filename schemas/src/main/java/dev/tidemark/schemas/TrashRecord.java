package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A file's way out of the trash: the record of the topic {@code trash}.
 *
 * @param run the run that swept it
 * @param repository where; null for a blob
 * @param bytes of the file
 * @param why it was restored; null if it was purged
 * @param at ms since the epoch
 */
public record TrashRecord(
        RunId run, Kind kind, Digest digest, String repository, Outcome outcome, long bytes, String why, long at) {

    public TrashRecord {
        Fields.require(run, kind, digest, outcome);
        if (outcome == Outcome.RESTORED && why == null) {
            throw new IllegalArgumentException("why it was restored has to be said");
        }
    }

    /** The two ways out. */
    public enum Outcome {
        /** It is back in the registry. */
        @JsonProperty("restored")
        RESTORED,
        /** It is destroyed, or is about to be. */
        @JsonProperty("purged")
        PURGED
    }
}
