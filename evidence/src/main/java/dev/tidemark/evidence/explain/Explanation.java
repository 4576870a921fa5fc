package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.index.RunFacts;

/**
 * All that the topics say of a digest, a tag or what was left behind: the document that {@code tidemark explain}
 * prints.
 */
public sealed interface Explanation permits DigestExplanation, TagExplanation, LeftoverExplanation {

    /** The run whose records it is taken from. */
    RunFacts run();

    /** A later run, the first that does not know it any more; null if this is the latest, or nobody has looked. */
    String goneIn();
}
