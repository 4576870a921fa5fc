package dev.tidemark.schemas;

/**
 * A digest that a repository has held, and that a tag of referrers there is named for: the record of the topic
 * {@code subjects.known}, whose key is {@link #key}. The storage itself does not say what was there once.
 *
 * @param run that has seen the tag, as late as is needed to know that it is still there
 * @param gone when the run was asked for that first found the digest gone, in ms since the epoch; null if it is there
 */
public record KnownSubject(RunId run, Long gone) {

    public KnownSubject {
        Fields.require(run);
    }

    public static String key(String repository, Digest digest) {
        return repository + "@" + digest;
    }
}
