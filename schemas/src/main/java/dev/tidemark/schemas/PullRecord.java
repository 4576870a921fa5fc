package dev.tidemark.schemas;

import java.time.Duration;
import java.time.Instant;

/**
 * The last pull of a tag by its name, or of a manifest, as far as the registry's events say: the record of the topic
 * {@code pulls}, whose latest record of each key stays. A pull by a tag is one of the manifest, too.
 *
 * @param tag null in the record of the manifest
 * @param at the end of the hour in which a sweeper heard of it, in ms since the epoch. So one record an hour is enough,
 *     and none says that a pull was earlier than it was
 */
public record PullRecord(String repository, String tag, Digest digest, long at) {

    private static final long HOUR = Duration.ofHours(1).toMillis();

    public PullRecord {
        Fields.require(repository, digest);
    }

    /** As a sweeper writes it that has heard of the pull just now. */
    public static PullRecord heard(String repository, String tag, Digest digest, Instant now) {
        return new PullRecord(repository, tag, digest, (now.toEpochMilli() / HOUR + 1) * HOUR);
    }

    /** Its key, as clients write references. */
    public String key() {
        return tag == null ? key(repository, digest) : key(repository, tag);
    }

    /** The key of a tag. */
    public static String key(String repository, String tag) {
        return repository + ":" + tag;
    }

    /** The key of a manifest. */
    public static String key(String repository, Digest digest) {
        return repository + "@" + digest;
    }
}
