package dev.tidemark.policy;

import dev.tidemark.schemas.Digest;
import java.util.Optional;
import java.util.Set;

/**
 * A rule of a policy that keeps tags and manifests, whatever the other rules say.
 *
 * @param rule as users know it: {@code hold, line 3}
 * @param repositories in which; null for all
 * @param tags which tags; null if it is of none by name
 * @param digests which manifests, and so the tags that name them
 * @param reason why, in words; null where nobody has said
 */
record HoldRule(String rule, NamePatterns repositories, NamePatterns tags, Set<Digest> digests, String reason) {

    boolean isFor(String repository) {
        return repositories == null || repositories.matches(repository);
    }

    boolean holds(Tag tag) {
        return all()
                || (tags != null && tags.matches(tag.name()))
                || (tag.digest() != null && digests.contains(tag.digest()));
    }

    boolean holds(Digest digest) {
        return all() || digests.contains(digest);
    }

    String why() {
        return Optional.ofNullable(reason).map(words -> "held: " + words).orElse("held");
    }

    private boolean all() {
        return tags == null && digests.isEmpty();
    }
}
