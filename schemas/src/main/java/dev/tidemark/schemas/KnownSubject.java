package dev.tidemark.schemas;

/**
 * A digest that a repository has held, and that a tag of referrers there is named for, or a link there names: the
 * record of the topic {@code subjects.known}, whose key is {@link #key}, or the link's path. The storage itself does
 * not say what was there once.
 *
 * @param run that has seen the tag, as late as is needed to know that it is still there; or the last that has found the
 *     link to name what is not there
 * @param gone when a run first found the digest gone, in ms since the epoch; null if it is there
 */
public record KnownSubject(RunId run, Long gone) {

    public KnownSubject {
        Fields.require(run);
    }

    public static String key(String repository, Digest digest) {
        return repository + "@" + digest;
    }
}
