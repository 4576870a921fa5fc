package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.RunFacts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads what was decided on a digest's manifests, layer links and blob, and what was done to them. */
final class Outcomes {

    private static final String TAG = "tag";
    static final String MANIFEST = "manifest";
    static final String LAYER = "layer";
    static final String BLOB = "blob";

    /** In the index, of what is no tag. */
    private static final String NO_TAG = "";

    /** The repository's number in the records of blobs, which have none. */
    static final long NOWHERE = 0;

    private final IndexReader index;
    private final boolean decided;

    /**
     * @param decided whether the run has decided
     */
    Outcomes(IndexReader index, boolean decided) {
        this.index = index;
        this.decided = decided;
    }

    /** @param keep how long the trash keeps it, in ms; null if it is in none */
    record Deletion(DigestVerdict verdict, long bytes, String why, Long keep, long at) {

        private static Deletion of(ResultSet row) throws SQLException {
            return new Deletion(
                    DigestVerdict.of(row.getString("outcome")),
                    row.getLong("bytes"),
                    row.getString("why"),
                    IndexReader.integer(row, "keep"),
                    row.getLong("at"));
        }
    }

    private record Eligible(long bytes, String reason) {}

    private record WayOut(String outcome, String why, String by, long at) {

        boolean back() {
            return outcome.equals(DigestVerdict.RESTORED.word());
        }
    }

    /** The verdict on the digest. */
    DigestVerdict verdict(long digest, String kind, long repository, boolean live) {
        return wayOut(digest, kind, repository, NO_TAG)
                .filter(WayOut::back)
                .map(out -> DigestVerdict.RESTORED)
                .or(() -> deletion(digest, kind, repository, NO_TAG).map(Deletion::verdict))
                .or(() -> eligible(digest, kind, repository).map(eligible -> DigestVerdict.ELIGIBLE))
                .orElse(live ? DigestVerdict.KEPT : decided ? DigestVerdict.UNEXPLAINED : DigestVerdict.UNDECIDED);
    }

    /** The fate of a digest that was eligible or deleted; empty if it is kept. */
    Optional<Fate> of(long digest, String kind, long repository) {
        Optional<Eligible> eligible = eligible(digest, kind, repository);
        Optional<Deletion> deletion = deletion(digest, kind, repository, NO_TAG);
        if (eligible.isEmpty() && deletion.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Fate(
                kind,
                eligible.map(Eligible::reason).orElse(null),
                deletion.map(Deletion::why).orElse(null),
                deletion.map(Deletion::bytes)
                        .or(() -> eligible.map(Eligible::bytes))
                        .orElse(0L),
                deletion.map(done -> RunFacts.time(done.at())).orElse(null),
                trash(deletion, wayOut(digest, kind, repository, NO_TAG))));
    }

    /** The deletion of a tag, or the try, as the sweep has recorded it. */
    Optional<Deletion> ofTag(long digest, long repository, String tag) {
        return deletion(digest, TAG, repository, tag);
    }

    /** The facts that are known of a tag in the trash; null if it is in none. */
    Fate.Trash trash(Optional<Deletion> deletion, long digest, long repository, String tag) {
        return trash(deletion, wayOut(digest, TAG, repository, tag));
    }

    private static Fate.Trash trash(Optional<Deletion> deletion, Optional<WayOut> out) {
        Optional<String> until =
                deletion.filter(done -> done.keep() != null).map(done -> RunFacts.time(done.at() + done.keep()));
        if (until.isEmpty() && out.isEmpty()) {
            return null;
        }
        return new Fate.Trash(
                until.orElse(null),
                out.map(WayOut::outcome).orElse(null),
                out.map(way -> RunFacts.time(way.at())).orElse(null),
                out.map(WayOut::why).orElse(null),
                out.map(WayOut::by).orElse(null));
    }

    private Optional<Eligible> eligible(long digest, String kind, long repository) {
        return index.first(
                Question.ELIGIBLE,
                row -> new Eligible(row.getLong("bytes"), row.getString("reason")),
                digest,
                kind,
                repository);
    }

    private Optional<Deletion> deletion(long digest, String kind, long repository, String tag) {
        return index.first(Question.DELETION, Deletion::of, digest, kind, repository, tag);
    }

    private Optional<WayOut> wayOut(long digest, String kind, long repository, String tag) {
        return index.first(
                Question.WAY_OUT,
                row -> new WayOut(
                        row.getString("outcome"), row.getString("why"), row.getString("asked_by"), row.getLong("at")),
                digest,
                kind,
                repository,
                tag);
    }

    /** How many of a kind were eligible, and what was done to how many. */
    Map<String, Map<String, Long>> counts(long digest, long manifests, long links, boolean blob) {
        Map<String, Map<String, Long>> counts = new TreeMap<>();
        put(counts, MANIFEST, "found", manifests);
        put(counts, LAYER, "found", links);
        put(counts, BLOB, "found", blob ? 1 : 0);
        index.each(
                Question.COUNT_ELIGIBLE,
                row -> put(counts, row.getString(1), DigestVerdict.ELIGIBLE.word(), row.getLong(2)),
                digest);
        index.each(
                Question.COUNT_DELETIONS,
                row -> put(counts, row.getString(1), row.getString(2), row.getLong(3)),
                digest);
        return counts;
    }

    private static boolean put(Map<String, Map<String, Long>> counts, String kind, String what, long count) {
        if (count > 0) {
            counts.computeIfAbsent(kind, key -> new TreeMap<>()).put(what, count);
        }
        return true;
    }
}
