package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.Subject.ByDigest;
import dev.tidemark.evidence.explain.Subject.ByPath;
import dev.tidemark.evidence.explain.Subject.ByTag;
import dev.tidemark.evidence.explain.Subject.InRepository;
import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.RunFacts;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Explains what one run knows, by its index alone. */
final class RunExplainer implements AutoCloseable {

    /** How many digests are listed that a prefix could mean. */
    private static final int LISTED = 20;

    private final IndexReader index;
    private final RunFacts run;
    private final DigestExplainer digests;
    private final TagExplainer tags;
    private final LeftoverExplainer leftovers;

    RunExplainer(Connection connection) {
        index = new IndexReader(connection);
        run = RunFacts.read(index);
        digests = new DigestExplainer(index, run);
        tags = new TagExplainer(index, run);
        leftovers = new LeftoverExplainer(index, run);
    }

    private record Numbered(long id, String text) {}

    /**
     * Explains what is meant, if the run knows it.
     *
     * @throws UnknownSubjectException if it knows several
     */
    Optional<Explanation> explain(Subject.Readings readings) {
        return one(readings.asTyped()).or(() -> one(readings.withoutHost()));
    }

    private Optional<Explanation> one(List<Subject> readings) {
        Map<String, Explanation> found = new LinkedHashMap<>();
        for (Subject subject : readings) {
            explain(subject).ifPresent(explanation -> found.put(subject.toString(), explanation));
        }
        if (found.size() > 1) {
            throw UnknownSubjectException.ambiguous(List.copyOf(found.keySet()));
        }
        return found.values().stream().findFirst();
    }

    Optional<Explanation> explain(Subject subject) {
        return switch (subject) {
            case ByDigest wish ->
                unique(digests(wish.digest()).filter(this::known).toList())
                        .map(digest -> digests.explain(digest.id(), null));
            case InRepository wish ->
                repository(wish.repository())
                        .flatMap(repository -> unique(digests(wish.digest())
                                        .filter(digest -> digests.holds(repository, digest.id()))
                                        .toList())
                                .map(digest -> digests.explain(digest.id(), repository)));
            case ByTag wish ->
                repository(wish.repository()).flatMap(repository -> tags.explain(repository, wish.tag()));
            case ByPath wish -> leftovers.explain(wish).map(Explanation.class::cast);
        };
    }

    private static Optional<Numbered> unique(List<Numbered> found) {
        if (found.size() > 1) {
            throw UnknownSubjectException.ambiguous(
                    found.stream().map(Numbered::text).toList());
        }
        return found.stream().findFirst();
    }

    private Stream<Numbered> digests(DigestPrefix prefix) {
        if (prefix.whole()) {
            return index
                    .first(Question.DIGEST, row -> new Numbered(row.getLong(1), row.getString(2)), prefix.toString())
                    .stream();
        }
        // 'g' comes right after the last hex digit.
        return prefix.beginnings().stream()
                .flatMap(beginning -> index
                        .list(
                                Question.DIGESTS_BETWEEN,
                                row -> new Numbered(row.getLong(1), row.getString(2)),
                                beginning,
                                beginning + "g",
                                LISTED)
                        .stream());
    }

    /** The index has a number for digests that are nowhere but in another's record: those it knows nothing of. */
    private boolean known(Numbered digest) {
        return Stream.of(Question.BLOB, Question.MANIFESTS, Question.LINKS, Question.PARENTS, Question.COUNT_DELETIONS)
                .anyMatch(query -> (query == Question.BLOB || query == Question.COUNT_DELETIONS)
                        ? index.any(query, digest.id())
                        : index.any(query, digest.id(), 1));
    }

    /** The repositories that hold or link the digest. */
    List<String> holders(DigestPrefix prefix) {
        return digests(prefix)
                .flatMap(digest -> digests.explain(digest.id(), null).holdings().stream())
                .map(DigestExplanation.Holding::repository)
                .distinct()
                .sorted()
                .toList();
    }

    boolean hasRepository(String name) {
        return repository(name).isPresent();
    }

    private Optional<Long> repository(String name) {
        return index.first(Question.REPOSITORY, row -> row.getLong(1), name);
    }

    /** Why a digest is live, if it is. */
    Optional<Chain> chain(String digest, String repository) {
        var chains = new ChainFinder(index);
        return index.first(Question.DIGEST, row -> row.getLong(1), digest)
                .flatMap(id -> Optional.ofNullable(repository)
                        .flatMap(this::repository)
                        .flatMap(where -> chains.of(id, where))
                        .or(() -> chains.of(id)));
    }

    @Override
    public void close() {
        index.close();
    }
}
