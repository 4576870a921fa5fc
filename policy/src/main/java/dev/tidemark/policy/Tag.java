package dev.tidemark.policy;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.TagsRecord;
import dev.tidemark.schemas.TagsRecord.Subject;
import java.util.List;

/**
 * A tag as the storage shows it.
 *
 * @param digest that it names; null if that can't be read
 * @param pushed when its current link was last written, in ms since the epoch
 * @param pulled the last pull that is known, of it or of what it names, in ms since the epoch; null if none is
 * @param history the digests that it has named, the current one with them or not, in any order
 * @param held why it is kept whatever the policy says, by a hold that is not the policy's; null if it is not held
 * @param subject the facts that are known of the digest that a tag of referrers is named for; null of another tag, or
 *     if the policy did not {@linkplain Policy#asksForSubjects(String) ask}
 */
public record Tag(
        String name, Digest digest, long pushed, Long pulled, List<Past> history, String held, Subject subject) {

    public Tag {
        history = List.copyOf(history);
    }

    /** A tag as it is recorded. */
    public static Tag of(TagsRecord.Tag tag) {
        return new Tag(
                tag.name(),
                tag.digest(),
                tag.pushed(),
                tag.pulled(),
                tag.history().stream()
                        .map(past -> new Past(past.digest(), past.pushed()))
                        .toList(),
                tag.held(),
                tag.subject());
    }

    /** A tag that only the policy may hold, and of which no pull is known. */
    public Tag(String name, Digest digest, long pushed, List<Past> history) {
        this(name, digest, pushed, null, history, null, null);
    }

    /** When it was last pushed or pulled, as far as is known, in ms since the epoch. */
    long used() {
        return pulled == null ? pushed : Math.max(pushed, pulled);
    }

    /**
     * A digest that a tag has named.
     *
     * @param pushed when it was last pushed with that digest, in ms since the epoch
     */
    public record Past(Digest digest, long pushed) {}
}
