package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.DigestExplanation.References;
import dev.tidemark.evidence.index.IndexReader;
import java.util.List;

/** Finds the manifests that reference a digest, by the index of one run. */
final class ParentFinder {

    /** There may be many more; they are only counted. */
    private static final int LOOKED_AT = 100;

    private final IndexReader index;
    private final Names names;

    ParentFinder(IndexReader index, Names names) {
        this.index = index;
        this.names = names;
    }

    private record Parent(long digest, long repository, int position, boolean optional, boolean live) {}

    record Counts(long all, long live, boolean optional) {}

    Counts count(long digest) {
        return index.first(
                        Question.COUNT_PARENTS,
                        row -> new Counts(row.getLong(1), row.getLong(2), row.getBoolean(3)),
                        digest)
                .orElseThrow();
    }

    /** The uses that its parents have for the digest, in the words of {@link MediaTypes}. */
    List<String> uses(long digest) {
        return parents(digest).stream()
                .map(parent -> MediaTypes.reference(
                        names.mediaType(parent.digest(), parent.repository()), parent.position(), parent.optional()))
                .toList();
    }

    /** The references to it. With a live digest, the tags above it are counted. */
    References references(long digest, Counts counts, boolean live) {
        long[] above = {0, 0};
        if (live) {
            index.each(
                    Question.TAGS_ABOVE,
                    row -> {
                        above[0] = row.getLong(1);
                        above[1] = row.getLong(2);
                        return false;
                    },
                    digest);
        }
        List<Step> examples = parents(digest).stream()
                .sorted((a, b) -> Boolean.compare(b.live(), a.live()))
                .limit(References.LISTED)
                .map(parent -> names.step(Step.MANIFEST, parent.digest(), parent.repository()))
                .toList();
        return new References(counts.all(), counts.live(), counts.optional(), above[0], above[1], examples);
    }

    private List<Parent> parents(long digest) {
        return index.list(
                Question.PARENTS,
                row -> new Parent(
                        row.getLong("parent"),
                        row.getLong("repository"),
                        row.getInt("position"),
                        row.getBoolean("optional"),
                        row.getBoolean("live")),
                digest,
                LOOKED_AT);
    }
}
