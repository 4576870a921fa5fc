package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.DigestExplanation.Deleted;
import dev.tidemark.evidence.explain.DigestExplanation.Unreferenced;
import dev.tidemark.evidence.explain.Subject.ByDigest;
import dev.tidemark.evidence.explain.Subject.ByPath;
import dev.tidemark.evidence.explain.Subject.ByTag;
import dev.tidemark.evidence.explain.Subject.InRepository;
import dev.tidemark.evidence.explain.Subject.Readings;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.schemas.DeletionRecord;
import dev.tidemark.schemas.DeletionRecord.Outcome;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import dev.tidemark.schemas.RunId;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Explains a digest, a tag or what was left behind. A user who asks why an image is gone doesn't know which run did it.
 * So a subject that the latest run doesn't know is looked for among the deletions, and then in one run before the
 * other.
 */
public final class Explainer {

    private final PastRuns runs;

    public Explainer(PastRuns runs) {
        this.runs = runs;
    }

    /**
     * Explains it by the latest run that knows it.
     *
     * @param text DIGEST, the beginning of one, REPO:TAG, REPO@DIGEST, the path of what was left behind as in
     *     REPO/_uploads/ID, or REPO for its tag {@code latest}, or for itself if it is empty
     * @throws UnknownSubjectException if no run knows it, or it could be several things
     */
    public Explanation explain(String text) {
        Readings readings = Subject.of(text);
        List<RunId> all = runs.latestFirst();
        if (all.isEmpty()) {
            throw new UnknownSubjectException(
                    "no run has decided on anything yet: tidemark collect --dry-run does, and deletes nothing");
        }
        return search(readings, all)
                .orElseThrow(() -> new UnknownSubjectException(unknown(text, readings, all.getFirst(), all)));
    }

    /**
     * Explains it by one run.
     *
     * @throws UnknownSubjectException if that one doesn't know it, or it could be several things
     */
    public Explanation explain(String text, RunId run) {
        Readings readings = Subject.of(text);
        return in(run, readings)
                .map(found -> completed(found, run))
                .orElseThrow(() -> new UnknownSubjectException(
                        unknown(text, readings, run, List.of(run)) + elsewhere(readings, run)));
    }

    private Optional<Explanation> search(Readings readings, List<RunId> all) {
        RunId latest = all.getFirst();
        Optional<Explanation> now = in(latest, readings);
        if (now.isPresent()) {
            return now.map(found -> completed(found, latest));
        }
        return deletedIn(readings, all)
                .flatMap(run -> in(run, readings).map(found -> completed(found, run)))
                .or(() -> before(readings, all));
    }

    /** The first of the earlier runs that knows it, from the latest to the first. */
    private Optional<Explanation> before(Readings readings, List<RunId> all) {
        for (int i = 1; i < all.size(); i++) {
            RunId run = all.get(i);
            String goneIn = all.get(i - 1).toString();
            Optional<Explanation> found = in(run, readings);
            if (found.isPresent()) {
                return found.map(explanation -> switch (explanation) {
                    case DigestExplanation digest -> ((DigestExplanation) completed(digest, run)).goneIn(goneIn);
                    case TagExplanation tag -> tag.gone(goneIn, image(tag.repository(), tag.digest(), all));
                    case LeftoverExplanation left -> left.gone(goneIn);
                });
            }
        }
        return Optional.empty();
    }

    private Optional<Explanation> in(RunId run, Readings readings) {
        try (var explainer = new RunExplainer(runs.index(run))) {
            return explainer.explain(readings);
        }
    }

    /** The latest run that deleted it; failing that, the latest that tried. */
    private Optional<RunId> deletedIn(Readings readings, List<RunId> all) {
        List<DeletionRecord> found = readings.all().stream()
                .flatMap(this::deletions)
                .filter(deletion -> all.contains(deletion.run()))
                .toList();
        var digests = new TreeSet<>(
                found.stream().map(deletion -> deletion.digest().toString()).toList());
        if (digests.size() > 1) {
            throw UnknownSubjectException.ambiguous(List.copyOf(digests));
        }
        return latest(found.stream().filter(deletion -> deletion.outcome() == Outcome.DELETED))
                .or(() -> latest(found.stream()));
    }

    private static Optional<RunId> latest(Stream<DeletionRecord> deletions) {
        return deletions.map(DeletionRecord::run).max(Comparator.naturalOrder());
    }

    private Stream<DeletionRecord> deletions(Subject subject) {
        return switch (subject) {
            case ByDigest wish -> deletions(wish.digest()).stream();
            case InRepository wish ->
                deletions(wish.digest()).stream()
                        .filter(deletion -> wish.repository().equals(deletion.repository()));
            case ByTag wish -> Stream.empty();
            case ByPath wish -> deletions(wish.digest()).stream();
        };
    }

    private List<DeletionRecord> deletions(DigestPrefix prefix) {
        return runs.deletions(prefix::matches, prefix.whole() ? Digest.parse(prefix.toString()) : null);
    }

    /** Adds facts of other runs: when the digest was last live, and the fate of the manifest that a tag named. */
    private Explanation completed(Explanation found, RunId run) {
        return switch (found) {
            case DigestExplanation digest -> withDeletion(withLastKept(digest), run);
            case TagExplanation tag
            when tag.digest() == null && tag.past().size() == 1 ->
                tag.gone(null, image(tag.repository(), tag.past().getFirst().digest(), List.of(run)));
            case TagExplanation tag -> tag;
            case LeftoverExplanation left -> left;
        };
    }

    private DigestExplanation image(String repository, String digest, List<RunId> all) {
        DigestPrefix whole = DigestPrefix.parse(digest).orElseThrow();
        return search(new Readings(List.of(new InRepository(repository, whole)), List.of(new ByDigest(whole))), all)
                .map(DigestExplanation.class::cast)
                .orElse(null);
    }

    private DigestExplanation withLastKept(DigestExplanation digest) {
        if (digest.unreferenced() == null) {
            return digest;
        }
        String since = digest.unreferenced().since();
        return runs.latestFirst().stream()
                .filter(run -> run.toString().compareTo(since) < 0)
                .findFirst()
                .map(before -> digest.with(new Unreferenced(since, before.toString(), chain(before, digest))))
                .orElse(digest);
    }

    /** A blob that is needed and not there may have been deleted by an earlier run: that deletion is added. */
    private DigestExplanation withDeletion(DigestExplanation digest, RunId run) {
        if (!EnumSet.of(DigestVerdict.MISSING, DigestVerdict.ABSENT, DigestVerdict.DANGLING)
                .contains(digest.verdict())) {
            return digest;
        }
        return deletions(DigestPrefix.parse(digest.digest()).orElseThrow()).stream()
                .filter(deletion -> deletion.kind() == Kind.BLOB
                        && deletion.outcome() == Outcome.DELETED
                        && !deletion.run().equals(run))
                .max(Comparator.comparing(DeletionRecord::run))
                .map(deletion -> digest.with(
                        new Deleted(deletion.run().toString(), RunFacts.time(deletion.at()), deletion.bytes())))
                .orElse(digest);
    }

    private Chain chain(RunId run, DigestExplanation digest) {
        try (var explainer = new RunExplainer(runs.index(run))) {
            return explainer.chain(digest.digest(), digest.repository()).orElse(null);
        }
    }

    private String unknown(String text, Readings readings, RunId run, List<RunId> all) {
        String runs = all.size() == 1
                ? "the run " + run + " doesn't know it"
                : "none of the " + all.size() + " runs knows it";
        return "'" + text + "': " + runs + hint(readings, run);
    }

    /** A hint for the user: repositories that hold the digest, the tag that is missing, or the forms of a subject. */
    private String hint(Readings readings, RunId run) {
        try (var explainer = new RunExplainer(runs.index(run))) {
            for (Subject subject : readings.all()) {
                if (subject instanceof InRepository wish) {
                    List<String> holders = explainer.holders(wish.digest());
                    if (!holders.isEmpty()) {
                        return "; " + wish.digest() + " is in "
                                + String.join(", ", holders.stream().limit(5).toList());
                    }
                }
                if (subject instanceof ByTag wish && explainer.hasRepository(wish.repository())) {
                    return "; the repository " + wish.repository() + " has no tag " + wish.tag();
                }
            }
            return "; write a digest, the beginning of one (6 digits or more), REPO:TAG, REPO@DIGEST or "
                    + "REPO/_uploads/ID";
        }
    }

    /** Other runs that know it, as far as that can be told at once. */
    private String elsewhere(Readings readings, RunId not) {
        var knowing = new TreeSet<RunId>();
        runs.indexed().stream()
                .filter(run -> !run.equals(not))
                .filter(run -> knows(run, readings))
                .forEach(knowing::add);
        readings.all().stream()
                .flatMap(this::deletions)
                .map(DeletionRecord::run)
                .filter(run -> !run.equals(not))
                .forEach(knowing::add);
        return knowing.isEmpty()
                ? ""
                : "; known in: "
                        + String.join(
                                ", ", knowing.stream().map(RunId::toString).toList());
    }

    private boolean knows(RunId run, Readings readings) {
        try {
            return in(run, readings).isPresent();
        } catch (UnknownSubjectException several) {
            return true;
        }
    }
}
