package dev.tidemark.evidence.explain;

import com.fasterxml.jackson.annotation.JsonValue;

/** The fate of a blob, a manifest or a layer link in a run. */
public enum DigestVerdict {
    KEPT("kept"),
    /** It is to be deleted, and nothing has been done to it, or not yet. */
    ELIGIBLE("eligible"),
    DELETED("deleted"),
    /** It was swept into the trash, and put back. */
    RESTORED("restored"),
    ALREADY_GONE("already-gone"),
    SPARED("spared"),
    FAILED("failed"),
    /** Something live needs it, and it is not there. */
    MISSING("missing"),
    /** It is not there, and need not be: a foreign layer, or what nothing live needs. */
    ABSENT("absent"),
    /** A revision link whose blob is not there: it protects nothing, and is left alone. */
    DANGLING("dangling"),
    /** The run has not decided on it. */
    UNDECIDED("undecided"),
    /** It is not live, and the run has decided, and has no word on it. */
    UNEXPLAINED("unexplained");

    private final String word;

    DigestVerdict(String word) {
        this.word = word;
    }

    /** The verdict in a document. */
    @JsonValue
    public String word() {
        return word;
    }

    /** The verdict of that word. */
    static DigestVerdict of(String word) {
        for (DigestVerdict verdict : values()) {
            if (verdict.word.equals(word)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("no such verdict: " + word);
    }
}
