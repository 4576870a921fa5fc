package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.explain.Outcomes.Deletion;
import dev.tidemark.evidence.explain.TagExplanation.ByPolicy;
import dev.tidemark.evidence.explain.TagExplanation.Past;
import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.evidence.index.VerdictRow;
import dev.tidemark.schemas.TagsRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Explains a tag by the index of one run. */
final class TagExplainer {

    private static final int LISTED = 20;

    private final IndexReader index;
    private final RunFacts run;
    private final Names names;
    private final ChainFinder chains;
    private final Outcomes outcomes;

    TagExplainer(IndexReader index, RunFacts run) {
        this.index = index;
        this.run = run;
        names = new Names(index);
        chains = new ChainFinder(index);
        outcomes = new Outcomes(index, run.decided());
    }

    /** Explains it, if the run knows it: as a tag, by its past, or as a tag that names what isn't there. */
    Optional<TagExplanation> explain(long repository, String tag) {
        Optional<Long> current = index.first(Question.TAG, row -> row.getLong(1), repository, tag);
        List<Past> past = index.list(Question.TAG_HISTORY, row -> row.getLong(1), repository, tag).stream()
                .filter(digest -> current.filter(digest::equals).isEmpty())
                .map(digest -> new Past(
                        names.digest(digest),
                        outcomes.verdict(digest, Outcomes.MANIFEST, repository, index.any(Question.LIVE, digest))))
                .toList();
        Optional<String> problem =
                index.first(Question.PROBLEM, row -> row.getString(1), names.repository(repository) + ":" + tag);
        if (current.isPresent()) {
            return Optional.of(current(repository, tag, current.get(), past, problem.orElse(null)));
        }
        return past.isEmpty() && problem.isEmpty()
                ? Optional.empty()
                : Optional.of(new TagExplanation(
                        run,
                        names.repository(repository),
                        tag,
                        null,
                        problem.isPresent() ? DigestVerdict.DANGLING : DigestVerdict.ABSENT,
                        null,
                        List.of(),
                        null,
                        null,
                        null,
                        0,
                        0,
                        null,
                        past,
                        null,
                        problem.orElse(null),
                        null,
                        null));
    }

    private TagExplanation current(long repository, String tag, long manifest, List<Past> past, String problem) {
        boolean dangling = index.any(Question.DANGLING, manifest, repository);
        var tree = new TagTree(index, !run.deleteUntagged(), repository, tag, manifest);
        Optional<TagsRecord.Verdict> word = index.first(Question.TAG_VERDICT, VerdictRow::of, repository, tag);
        boolean goes = word.filter(said -> !said.kept()).isPresent();
        Optional<Deletion> deletion = goes ? outcomes.ofTag(manifest, repository, tag) : Optional.empty();
        Fate.Trash trash = goes ? outcomes.trash(deletion, manifest, repository, tag) : null;
        DigestVerdict verdict = dangling
                ? DigestVerdict.DANGLING
                : goes
                        ? fate(manifest, repository, tag, deletion, trash)
                        : outcomes.verdict(manifest, Outcomes.MANIFEST, repository, index.any(Question.LIVE, manifest));
        List<String> others =
                index.list(Question.TAGS_OF, row -> row.getString(1), manifest, repository, 1, LISTED + 1).stream()
                        .filter(name -> !name.equals(tag))
                        .limit(LISTED)
                        .toList();
        return new TagExplanation(
                run,
                names.repository(repository),
                tag,
                names.digest(manifest),
                verdict,
                chains.of(manifest, repository).or(() -> chains.of(manifest)).orElse(null),
                others,
                tree.total(),
                tree.own(),
                tree.shared(),
                tree.missing(),
                tree.wrongSizes(),
                tree.root(),
                past,
                null,
                problem,
                word.map(said -> byPolicy(
                                said,
                                index.first(Question.TAG_PULLED, TagExplainer::time, repository, tag),
                                index.first(Question.PULLS_SINCE, TagExplainer::time),
                                deletion,
                                trash))
                        .orElse(null),
                null);
    }

    private DigestVerdict fate(
            long manifest, long repository, String tag, Optional<Deletion> deletion, Fate.Trash trash) {
        return trash != null && DigestVerdict.RESTORED.word().equals(trash.out())
                ? DigestVerdict.RESTORED
                : deletion.map(Deletion::verdict).orElseGet(() -> waiting(manifest, repository, tag));
    }

    private DigestVerdict waiting(long manifest, long repository, String tag) {
        return index.any(Question.TAG_ELIGIBLE, manifest, repository, tag)
                ? DigestVerdict.ELIGIBLE
                : run.decided() ? DigestVerdict.UNEXPLAINED : DigestVerdict.UNDECIDED;
    }

    private static String time(ResultSet row) throws SQLException {
        return RunFacts.time(row.getLong(1));
    }

    private static ByPolicy byPolicy(
            TagsRecord.Verdict said,
            Optional<String> pulled,
            Optional<String> pullsSince,
            Optional<Deletion> deletion,
            Fate.Trash trash) {
        return new ByPolicy(
                said.kept(),
                said.policy(),
                said.rule(),
                said.why(),
                said.until() == null ? null : RunFacts.time(said.until()),
                pulled.orElse(null),
                pullsSince.orElse(null),
                deletion.map(Deletion::why).orElse(null),
                deletion.map(done -> RunFacts.time(done.at())).orElse(null),
                trash);
    }
}
