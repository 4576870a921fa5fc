package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.index.IndexReader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Looks up the digests, repositories, tags and media types that belong to the numbers in an index. */
final class Names {

    private final IndexReader index;
    private final Map<Long, String> repositories = new HashMap<>();

    Names(IndexReader index) {
        this.index = index;
    }

    String digest(long id) {
        return index.first(Question.TEXT, row -> row.getString(1), id).orElseThrow(() -> unknown("digest", id));
    }

    String repository(long id) {
        return repositories.computeIfAbsent(
                id,
                number -> index.first(Question.REPOSITORY_NAME, row -> row.getString(1), number)
                        .orElseThrow(() -> unknown("repository", number)));
    }

    private static IndexException unknown(String what, long id) {
        return new IndexException("the index has no " + what + " " + id + ": remove it, and it is built again", null);
    }

    /** A tag that names the manifest in that repository, and stays. */
    Optional<String> firstTag(long digest, long repository) {
        return index.first(Question.STAYING_TAG_OF, row -> row.getString(1), digest, repository);
    }

    /** The size of a digest's blob; null if there is none. */
    Long size(long digest) {
        return index.first(Question.BLOB, row -> row.getLong("size"), digest).orElse(null);
    }

    /** The media type of a manifest in that repository, or, if it isn't held there, wherever it is held. */
    String mediaType(long digest, Long repository) {
        return manifest(digest, repository).filter(type -> !type.isEmpty()).orElse(null);
    }

    private Optional<String> manifest(long digest, Long repository) {
        Optional<String> there =
                repository == null ? Optional.empty() : index.first(Question.MANIFEST, Names::type, digest, repository);
        return there.or(() -> index.first(Question.MANIFESTS, Names::type, digest, 1));
    }

    private static String type(ResultSet row) throws SQLException {
        String type = row.getString("media_type");
        return type == null ? "" : type;
    }

    /** The word for a manifest's reference to a digest. */
    String reference(long child, long parent, long repository) {
        String type = mediaType(parent, repository);
        return index.first(
                        Question.POSITION,
                        row -> MediaTypes.reference(type, row.getInt("position"), row.getBoolean("optional")),
                        child,
                        parent,
                        repository)
                .orElse(Step.BLOB);
    }

    /** The step to a digest. */
    Step step(String what, long digest, Long repository) {
        String type = Step.typed(what) ? mediaType(digest, repository) : null;
        return new Step(
                what.equals(Step.MANIFEST) ? MediaTypes.manifest(type) : what,
                repository == null ? null : repository(repository),
                null,
                digest(digest),
                type,
                size(digest));
    }
}
