package dev.tidemark.enumerator.pin;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.ReferrersTag;
import dev.tidemark.schemas.TagsRecord.Tag;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tags of a repository.
 *
 * @param count how many tags there are, with those that can't be read
 * @param current the tags whose current link names a digest
 * @param history the tags that have a digest in their history; only those that a path may be built from, and only where
 *     the run may delete manifests
 * @param readable the tags whose current link names a digest, with the times of it and of what they have named; no
 *     policy has a word on them yet
 * @param inUnreadable the digests in the histories of those tags that can't be read
 * @param unreadableWithoutHistory whether there is a tag that can't be read, and nothing is known of what it has named
 */
public record TagFacts(
        long count,
        Map<Digest, List<String>> current,
        Map<Digest, List<String>> history,
        List<Tag> readable,
        Set<Digest> inUnreadable,
        boolean unreadableWithoutHistory) {

    /** The digests that tags of referrers are named for. */
    public Set<Digest> subjects() {
        return readable.stream()
                .flatMap(tag -> ReferrersTag.subject(tag.name()).stream())
                .collect(Collectors.toSet());
    }

    /** The tags that name it now. */
    public List<String> naming(Digest digest) {
        return current.getOrDefault(digest, List.of());
    }

    /** The tags that have named it, or name it. */
    public List<String> past(Digest digest) {
        return history.getOrDefault(digest, List.of());
    }
}
