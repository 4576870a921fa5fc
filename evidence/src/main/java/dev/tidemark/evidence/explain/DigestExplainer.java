package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.DigestExplanation.Fate;
import dev.tidemark.evidence.explain.DigestExplanation.Holding;
import dev.tidemark.evidence.explain.DigestExplanation.Unreferenced;
import dev.tidemark.evidence.explain.DigestExplanation.WrongSize;
import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.RunFacts;
import dev.tidemark.schemas.Hold;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Explains a digest by the index of one run. */
final class DigestExplainer {

    private final IndexReader index;
    private final RunFacts run;
    private final Names names;
    private final ChainFinder chains;
    private final Outcomes outcomes;
    private final ParentFinder parents;

    DigestExplainer(IndexReader index, RunFacts run) {
        this.index = index;
        this.run = run;
        names = new Names(index);
        chains = new ChainFinder(index);
        outcomes = new Outcomes(index, run.decided());
        parents = new ParentFinder(index, names);
    }

    private record Blob(long size, long modified) {}

    private record Manifest(
            long repository, String mediaType, long modified, Long subject, String pinned, boolean dangling) {}

    private record Link(long repository, long modified, Long target, String pinned) {}

    /** Whether the repository holds the digest as a manifest, or links it. */
    boolean holds(long repository, long digest) {
        return index.any(Question.MANIFEST, digest, repository) || index.any(Question.LINK, digest, repository);
    }

    /**
     * Explains it.
     *
     * @param repository where; null for wherever it is
     */
    DigestExplanation explain(long digest, Long repository) {
        Optional<Blob> blob =
                index.first(Question.BLOB, row -> new Blob(row.getLong("size"), row.getLong("modified")), digest);
        List<Manifest> manifests = manifests(digest);
        ParentFinder.Counts counts = parents.count(digest);
        Optional<Chain> chain = chains.of(digest);
        Optional<Chain> here = repository == null
                ? chain
                : Optional.of(repository).flatMap(id -> chains.of(digest, id)).or(() -> chain);
        String kind = kind(digest, repository, blob.isPresent(), !manifests.isEmpty());
        long where =
                kind.equals(Outcomes.BLOB) ? Outcomes.NOWHERE : repository == null ? first(digest, kind) : repository;
        DigestVerdict verdict = verdict(digest, kind, where, chain.isPresent(), blob.isPresent(), counts, manifests);
        boolean kept = verdict == DigestVerdict.KEPT || verdict == DigestVerdict.MISSING;
        return new DigestExplanation(
                run,
                names.digest(digest),
                repository == null ? null : names.repository(repository),
                verdict,
                is(digest, manifests, blob.isPresent()),
                names.mediaType(digest, repository),
                subject(manifests),
                blob.map(Blob::size).orElse(null),
                blob.map(found -> RunFacts.time(found.modified())).orElse(null),
                linked(digest),
                outcomes.counts(
                        digest, index.number(Question.COUNT_MANIFESTS, digest), links(digest), blob.isPresent()),
                index.number(Question.COUNT_HOLDERS, digest),
                holdings(digest, repository, chain.isPresent()),
                held(digest),
                kept ? here.orElse(null) : null,
                counts.all() == 0 ? null : parents.references(digest, counts, chain.isPresent()),
                wrongSize(digest),
                kept ? null : fate(digest, kind, where, manifests),
                since(digest),
                null,
                contradiction(digest, kind, where, chain.isPresent(), verdict),
                null);
    }

    private List<Manifest> manifests(long digest) {
        return index.list(Question.MANIFESTS, DigestExplainer::manifest, digest, DigestExplanation.LISTED);
    }

    private static Manifest manifest(ResultSet row) throws SQLException {
        return new Manifest(
                row.getLong("repository"),
                row.getString("media_type"),
                row.getLong("modified"),
                IndexReader.integer(row, "subject"),
                row.getString("pinned"),
                row.getBoolean("dangling"));
    }

    private String subject(List<Manifest> manifests) {
        return manifests.stream()
                .map(Manifest::subject)
                .filter(Objects::nonNull)
                .findFirst()
                .map(names::digest)
                .orElse(null);
    }

    private List<Link> layerLinks(long digest) {
        return index.list(Question.LINKS, DigestExplainer::link, digest, DigestExplanation.LISTED);
    }

    private static Link link(ResultSet row) throws SQLException {
        return new Link(
                row.getLong("repository"),
                row.getLong("modified"),
                IndexReader.integer(row, "target"),
                row.getString("pinned"));
    }

    private long links(long digest) {
        return index.number(Question.COUNT_LINKS, digest);
    }

    private String linked(long digest) {
        return index.first(Question.FIRST_MODIFIED, row -> IndexReader.integer(row, "modified"), digest)
                .map(RunFacts::time)
                .orElse(null);
    }

    /**
     * The subject of the verdict: manifest, layer link or blob. In one repository it is the manifest or link that the
     * repository has; everywhere it is the blob, if it is there.
     */
    private String kind(long digest, Long repository, boolean blob, boolean manifest) {
        if (repository != null) {
            return index.any(Question.MANIFEST, digest, repository) ? Outcomes.MANIFEST : Outcomes.LAYER;
        }
        return blob ? Outcomes.BLOB : manifest ? Outcomes.MANIFEST : Outcomes.LAYER;
    }

    /** The first repository that holds it so; if none does, it is nowhere. */
    private long first(long digest, String kind) {
        return index.first(
                        kind.equals(Outcomes.MANIFEST) ? Question.MANIFESTS : Question.LINKS,
                        row -> row.getLong("repository"),
                        digest,
                        1)
                .orElse(Outcomes.NOWHERE);
    }

    private DigestVerdict verdict(
            long digest,
            String kind,
            long where,
            boolean live,
            boolean blob,
            ParentFinder.Counts counts,
            List<Manifest> manifests) {
        if (kind.equals(Outcomes.MANIFEST) && index.any(Question.DANGLING, digest, where)) {
            return DigestVerdict.DANGLING;
        }
        boolean linkLive = kind.equals(Outcomes.LAYER) ? linkLive(digest, where, live) : live;
        DigestVerdict verdict = outcomes.verdict(digest, kind, where, linkLive);
        boolean acted = verdict != DigestVerdict.KEPT
                && verdict != DigestVerdict.UNEXPLAINED
                && verdict != DigestVerdict.UNDECIDED;
        if (blob || acted || !manifests.isEmpty()) {
            return verdict;
        }
        if (live && counts.live() > 0 && !counts.optional()) {
            return DigestVerdict.MISSING;
        }
        return where == Outcomes.NOWHERE ? DigestVerdict.ABSENT : verdict;
    }

    /** Why a manifest's bytes are eligible is best said by its own record. */
    private Fate fate(long digest, String kind, long where, List<Manifest> manifests) {
        Optional<Fate> fate = outcomes.of(digest, kind, where);
        if (manifests.isEmpty() || kind.equals(Outcomes.LAYER)) {
            return fate.orElse(null);
        }
        long repository =
                kind.equals(Outcomes.MANIFEST) ? where : manifests.getFirst().repository();
        Optional<String> letGo = index.first(Question.LET_GO, row -> row.getString(1), digest, repository);
        Optional<String> reason = outcomes.of(digest, Outcomes.MANIFEST, repository)
                .map(Fate::reason)
                .map(said -> said + letGo.map(why -> "; " + why).orElse(""));
        return fate.map(of ->
                        new Fate(of.kind(), reason.orElse(of.reason()), of.why(), of.bytes(), of.at(), of.trash()))
                .orElse(null);
    }

    private boolean linkLive(long digest, long repository, boolean live) {
        return index.any(Question.LIVE_LINK, digest, repository)
                || (live && index.any(Question.MANIFEST, digest, repository));
    }

    private List<String> is(long digest, List<Manifest> manifests, boolean blob) {
        Set<String> is = new LinkedHashSet<>();
        manifests.forEach(manifest -> is.add(MediaTypes.manifest(manifest.mediaType())));
        for (String what : parents.uses(digest)) {
            if (!what.equals(Step.BLOB) && !(what.equals(Step.MANIFEST) && is.contains(Step.INDEX))) {
                is.add(what);
            }
        }
        if (is.isEmpty()) {
            is.add(blob ? Step.BLOB : links(digest) > 0 ? Step.LINK : Step.BLOB);
        }
        return List.copyOf(is);
    }

    private List<Holding> holdings(long digest, Long repository, boolean live) {
        Set<Long> repositories = new TreeSet<>();
        if (repository != null) {
            repositories.add(repository);
        } else {
            manifests(digest).forEach(manifest -> repositories.add(manifest.repository()));
            layerLinks(digest).forEach(link -> repositories.add(link.repository()));
        }
        var holdings = new ArrayList<Holding>();
        for (long each : repositories.stream().limit(DigestExplanation.LISTED).toList()) {
            holdings.add(holding(digest, each, live));
        }
        return holdings;
    }

    private WrongSize wrongSize(long digest) {
        return index.first(
                        Question.WRONG_SIZE,
                        row -> new WrongSize(
                                names.repository(row.getLong("repository")),
                                names.digest(row.getLong("parent")),
                                row.getLong("wrong")),
                        digest)
                .orElse(null);
    }

    private List<String> held(long digest) {
        return index.list(Question.PINNED, row -> row.getString("pinned"), digest).stream()
                .filter(Hold::isHold)
                .distinct()
                .toList();
    }

    private Holding holding(long digest, long repository, boolean live) {
        Optional<Manifest> manifest = index.first(Question.MANIFEST, DigestExplainer::manifest, digest, repository);
        Optional<Link> link = index.first(Question.LINK, DigestExplainer::link, digest, repository);
        return new Holding(
                names.repository(repository),
                manifest.map(held -> held.dangling()
                                ? DigestVerdict.DANGLING
                                : outcomes.verdict(digest, Outcomes.MANIFEST, repository, live))
                        .orElse(null),
                manifest.map(held -> RunFacts.time(held.modified())).orElse(null),
                link.map(there -> outcomes.verdict(
                                digest, Outcomes.LAYER, repository, linkLive(digest, repository, live)))
                        .orElse(null),
                link.map(there -> RunFacts.time(there.modified())).orElse(null),
                index.list(Question.TAGS_OF, row -> row.getString(1), digest, repository, 1, Holding.LISTED),
                index.number(Question.COUNT_TAGS_OF, digest, repository, 1),
                index.list(Question.TAGS_OF, row -> row.getString(1), digest, repository, 0, Holding.LISTED),
                manifest.map(Manifest::pinned).or(() -> link.map(Link::pinned)).orElse(null),
                link.map(Link::target).map(names::digest).orElse(null));
    }

    private Unreferenced since(long digest) {
        return index.first(Question.SINCE, row -> row.getString(1), digest)
                .map(since -> new Unreferenced(since, null, null))
                .orElse(null);
    }

    /** The index knows the rules by itself: what was done against them is said, and is for the audit to prove. */
    private String contradiction(long digest, String kind, long where, boolean live, DigestVerdict verdict) {
        boolean keeps = kind.equals(Outcomes.LAYER) ? linkLive(digest, where, live) : live;
        Optional<Fate> fate = outcomes.of(digest, kind, where);
        if (keeps && fate.filter(f -> f.reason() != null).isPresent()) {
            return "the rules keep it, and yet it was eligible";
        }
        if (verdict != DigestVerdict.KEPT
                && fate.filter(f -> f.reason() == null).isPresent()) {
            return "it is said to be " + verdict.word() + ", and it was never eligible";
        }
        return verdict == DigestVerdict.UNEXPLAINED ? "it is not live, and it is not eligible" : null;
    }
}
