package dev.tidemark.schemas;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A file's way out of the trash: the record of the topic {@code trash}.
 *
 * @param run the run that swept it
 * @param digest null for a tag: nothing but its link has said it; for an upload, that of its path
 * @param repository where; null for a blob
 * @param tag its name; null for anything but a tag, whose history comes and goes with it
 * @param path of an upload, as {@link EligibleRecord.Eligible#path}; null for anything but a file of one
 * @param bytes of the file
 * @param why it was restored; null otherwise
 * @param by on whose word: the user and the command; null if no user asked for it
 * @param due why it might be purged; null if it was restored
 * @param at ms since the epoch
 */
public record TrashRecord(
        RunId run,
        Kind kind,
        Digest digest,
        String repository,
        String tag,
        String path,
        Outcome outcome,
        long bytes,
        String why,
        String by,
        Due due,
        long at) {

    public TrashRecord {
        Fields.require(run, kind, outcome);
        if ((digest == null) != (kind == Kind.TAG) || (tag == null) == (kind == Kind.TAG)) {
            throw new IllegalArgumentException("a tag's record has its name, and any other a digest");
        }
        kind.requirePath(path);
        if (outcome == Outcome.RESTORED && why == null) {
            throw new IllegalArgumentException("why it was restored has to be said");
        }
        if (outcome != Outcome.RESTORED && due == null) {
            throw new IllegalArgumentException("since when it was due has to be said");
        }
    }

    /** Of anything but a file of an upload. */
    public TrashRecord(
            RunId run,
            Kind kind,
            Digest digest,
            String repository,
            String tag,
            Outcome outcome,
            long bytes,
            String why,
            String by,
            Due due,
            long at) {
        this(run, kind, digest, repository, tag, null, outcome, bytes, why, by, due, at);
    }

    /** The key of the record. */
    public String key() {
        return tag == null ? digest.toString() : repository + ":" + tag;
    }

    /** The two ways out, and the beginning of one. */
    public enum Outcome {
        /** It is back in the registry. */
        @JsonProperty("restored")
        RESTORED,
        /** It is about to be destroyed. If nothing follows, nobody knows whether it is, or it could not be. */
        @JsonProperty("purging")
        PURGING,
        /** It is destroyed. */
        @JsonProperty("purged")
        PURGED
    }

    /**
     * The look at the registry that found no need of a file, and the time that the file had been in the trash by then.
     * All of it is by the storage's clock.
     *
     * @param since when it came into the trash, in ms since the epoch
     * @param least how long it had to be there when that look began, in ms
     * @param looked when that look began, in ms since the epoch
     */
    public record Due(long since, long least, long looked) {}
}
