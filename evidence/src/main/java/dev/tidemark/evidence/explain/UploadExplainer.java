package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.storage.layout.Layout;
import java.util.Optional;

/** Explains an upload by the index of one run. */
final class UploadExplainer {

    private static final String UPLOAD = "upload";

    private final IndexReader index;
    private final RunFacts run;
    private final Outcomes outcomes;

    UploadExplainer(IndexReader index, RunFacts run) {
        this.index = index;
        this.run = run;
        outcomes = new Outcomes(index, run.decided());
    }

    /** @param goes whether it was old enough */
    private record Found(long modified, long bytes, String pinned, boolean goes) {}

    /** Explains it, if the run knows it. */
    Optional<UploadExplanation> explain(long repository, String name, String id) {
        return index.first(
                        Question.DIGEST,
                        row -> row.getLong(1),
                        Layout.uploadDigest(name, id).toString())
                .flatMap(digest -> explain(digest, repository, name, id));
    }

    private Optional<UploadExplanation> explain(long digest, long repository, String name, String id) {
        Optional<Found> found = index.first(
                Question.UPLOAD,
                row -> new Found(
                        row.getLong("modified"), row.getLong("bytes"), row.getString("pinned"), row.getBoolean("goes")),
                digest);
        Optional<DigestExplanation.Fate> fate = outcomes.of(digest, UPLOAD, repository, id);
        if (found.isEmpty() && fate.isEmpty()) {
            return Optional.empty();
        }
        boolean stays = found.filter(upload -> !upload.goes()).isPresent();
        return Optional.of(new UploadExplanation(
                run,
                name,
                id,
                outcomes.verdict(digest, UPLOAD, repository, id, stays),
                found.map(Found::bytes).orElse(null),
                found.filter(upload -> upload.modified() > 0)
                        .map(upload -> RunFacts.time(upload.modified()))
                        .orElse(null),
                found.map(Found::pinned).orElse(null),
                fate.orElse(null),
                null));
    }
}
