package dev.tidemark.evidence.explain;

import java.util.List;

/**
 * Why a digest is live: the shortest way to it from a root, and what makes that one a root.
 *
 * @param rule the root's: tag, untagged-root, young-manifest, young-blob, young-link or pinned
 * @param repository where the root is one; null for a blob
 * @param because when the young one was written, or why the pinned one is kept; null for the other rules
 * @param steps from the root to the digest
 */
public record Chain(String rule, String repository, String because, List<Step> steps) {

    public Chain {
        steps = List.copyOf(steps);
    }
}
