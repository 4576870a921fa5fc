package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.RunFacts;
import java.util.Optional;

/** Explains what was left behind, by the index of one run. */
final class LeftoverExplainer {

    private final IndexReader index;
    private final RunFacts run;
    private final Outcomes outcomes;

    LeftoverExplainer(IndexReader index, RunFacts run) {
        this.index = index;
        this.run = run;
        outcomes = new Outcomes(index, run.decided());
    }

    /** Its kind and its place, as the run says them. */
    private record Leftover(String kind, long repository, String path) {}

    /** @param goes whether it was old enough */
    private record Found(long modified, long bytes, String pinned, boolean goes) {}

    /** Explains it, if the run knows it. */
    Optional<LeftoverExplanation> explain(Subject.ByPath wish) {
        return index.first(Question.DIGEST, row -> row.getLong(1), wish.digest().toString())
                .flatMap(digest -> index.first(
                                Question.LEFTOVER,
                                row -> new Leftover(
                                        row.getString("kind"), row.getLong("repository"), row.getString("path")),
                                digest)
                        .flatMap(leftover -> explain(digest, leftover)));
    }

    private Optional<LeftoverExplanation> explain(long digest, Leftover leftover) {
        Optional<Found> found = index.first(
                Question.FOUND_LEFTOVER,
                row -> new Found(
                        row.getLong("modified"), row.getLong("bytes"), row.getString("pinned"), row.getBoolean("goes")),
                digest);
        boolean stays = found.filter(one -> !one.goes()).isPresent();
        return Optional.of(new LeftoverExplanation(
                run,
                leftover.kind(),
                index.first(Question.REPOSITORY_NAME, row -> row.getString(1), leftover.repository())
                        .orElse(null),
                leftover.path().isEmpty() ? null : leftover.path(),
                outcomes.verdict(digest, leftover.kind(), leftover.repository(), stays),
                found.map(Found::bytes).orElse(null),
                found.filter(one -> one.modified() > 0)
                        .map(one -> RunFacts.time(one.modified()))
                        .orElse(null),
                found.map(Found::pinned).orElse(null),
                outcomes.of(digest, leftover.kind(), leftover.repository()).orElse(null),
                null));
    }
}
