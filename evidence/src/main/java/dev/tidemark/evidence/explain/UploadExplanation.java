package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.index.RunFacts;

/**
 * All that a run's records say of an upload that was begun and not finished.
 *
 * @param verdict kept, eligible, or what was done with it
 * @param bytes of its files; null where the topics no longer say
 * @param modified when it was last gone on with, as ISO 8601; null where the topics no longer
 *     say, or it has no file
 * @param kept why it is kept, however old it is; null if nothing but its age does
 * @param fate what was decided and done; null if it is kept
 */
public record UploadExplanation(
        RunFacts run,
        String repository,
        String upload,
        DigestVerdict verdict,
        Long bytes,
        String modified,
        String kept,
        Fate fate,
        String goneIn)
        implements Explanation {

    UploadExplanation gone(String in) {
        return new UploadExplanation(run, repository, upload, verdict, bytes, modified, kept, fate, in);
    }
}
