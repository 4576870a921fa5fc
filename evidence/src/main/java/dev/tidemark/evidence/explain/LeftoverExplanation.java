package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.index.RunFacts;

/**
 * All that a run's records say of what was left behind.
 *
 * @param kind upload, multipart, directory or repository
 * @param repository where; null for a blob's directory, and for a multipart upload that is of none
 * @param path below that of the repository; null for the repository itself
 * @param verdict kept, eligible, or what was done with it
 * @param bytes of its files; null where the topics no longer say
 * @param modified when anything of it was last written, as ISO 8601; null where the topics no longer say, or it has no
 *     file that tells
 * @param kept why it is kept, however old it is; null if nothing but its age does
 * @param fate what was decided and done; null if it is kept
 */
public record LeftoverExplanation(
        RunFacts run,
        String kind,
        String repository,
        String path,
        DigestVerdict verdict,
        Long bytes,
        String modified,
        String kept,
        Fate fate,
        String goneIn)
        implements Explanation {

    LeftoverExplanation gone(String in) {
        return new LeftoverExplanation(run, kind, repository, path, verdict, bytes, modified, kept, fate, in);
    }
}
