package dev.tidemark.policy;

import java.util.List;

/**
 * The rules for some repositories, under one name in a policy's file.
 *
 * @param tags the first that matches a tag decides on it
 * @param otherTags decides on those that none matches
 * @param untagged decides on manifests without a tag; null if it doesn't say
 * @param referrers decides on the tags of referrers; null if it doesn't say
 */
record RepositoryPolicy(
        String name,
        NamePatterns repositories,
        List<TagRule> tags,
        TagRule otherTags,
        UntaggedRule untagged,
        ReferrersRule referrers) {

    RepositoryPolicy {
        tags = List.copyOf(tags);
    }

    TagRule ruleFor(String tag) {
        return tags.stream()
                .filter(rule -> rule.match().matches(tag))
                .findFirst()
                .orElse(otherTags);
    }

    /**
     * A rule for the manifests of a repository that no tag names: which of them stay, and for how long.
     *
     * @param rule as users know it: {@code products, line 9}
     * @param keepPrevious how many digests of a tag before its current one
     * @param deleteAfter for how long one stays without a tag, in ms; null if it doesn't say
     */
    record UntaggedRule(String rule, int keepPrevious, Long deleteAfter) {}
}
