package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.index.IndexException;
import dev.tidemark.evidence.index.IndexReader;
import dev.tidemark.evidence.index.RunFacts;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Finds the shortest way from a root to a digest: the index knows the step before each. */
final class ChainFinder {

    private final IndexReader index;
    private final Names names;

    ChainFinder(IndexReader index) {
        this.index = index;
        this.names = new Names(index);
    }

    /**
     * A row of the live digests. A root's repository is the one that makes it one; another's is that in which its
     * parent is held.
     */
    private record Live(String rule, Long parent, Long repository) {

        boolean root() {
            return parent == null;
        }
    }

    /** Why something is kept whatever else; the repository is null for a blob. */
    private record Pin(Long repository, String why) {}

    /** A digest on the way, and how it is reached. */
    private record Link(long digest, Live live) {}

    /** Why the digest is live, if it is. */
    Optional<Chain> of(long digest) {
        return live(digest).map(live -> chain(new Link(digest, live)));
    }

    /** Why it is live in that repository, if that is because a tag or something live there names it. */
    Optional<Chain> of(long digest, long repository) {
        if (names.firstTag(digest, repository).isPresent() && live(digest).isPresent()) {
            return Optional.of(chain(new Link(digest, new Live("tag", null, repository))));
        }
        return index.first(Question.NEAREST_PARENT, row -> row.getLong(1), digest, repository)
                .map(parent -> new Live("reference", parent, repository))
                .or(() -> index.first(
                        Question.LIVE_SUBJECT,
                        row -> new Live("referrer", row.getLong(1), repository),
                        digest,
                        repository))
                .map(live -> chain(new Link(digest, live)));
    }

    private Optional<Live> live(long digest) {
        return index.first(
                Question.LIVE,
                row -> new Live(
                        row.getString("rule"),
                        IndexReader.integer(row, "parent"),
                        IndexReader.integer(row, "repository")),
                digest);
    }

    private Chain chain(Link last) {
        Deque<Step> steps = new ArrayDeque<>();
        Set<Long> seen = new HashSet<>();
        Link link = last;
        while (!link.live().root() && seen.add(link.digest())) {
            steps.push(step(link));
            long parent = link.live().parent();
            link = new Link(
                    parent,
                    live(parent)
                            .orElseThrow(() -> new IndexException(
                                    "the index does not say why " + names.digest(parent)
                                            + " is live: remove it, and it is built again",
                                    null)));
        }
        Live root = link.live();
        steps.push(root(link));
        if (root.rule().equals("tag")) {
            names.firstTag(link.digest(), root.repository())
                    .ifPresent(tag ->
                            steps.push(new Step(Step.TAG, names.repository(root.repository()), tag, null, null, null)));
        }
        String repository = root.repository() == null ? null : names.repository(root.repository());
        return new Chain(root.rule(), repository, because(link), steps.stream().toList());
    }

    private Step step(Link link) {
        Live live = link.live();
        long repository = live.repository();
        String what = switch (live.rule()) {
            case "alias" -> Step.BLOB;
            case "referrer" -> Step.REFERRER;
            default -> names.reference(link.digest(), live.parent(), repository);
        };
        return names.step(what, link.digest(), repository);
    }

    private Step root(Link link) {
        Long repository = link.live().repository();
        if (repository == null) {
            return names.step(Step.BLOB, link.digest(), null);
        }
        boolean linked =
                link.live().rule().equals("young-link") || !index.any(Question.MANIFEST, link.digest(), repository);
        return names.step(linked ? Step.LINK : Step.MANIFEST, link.digest(), repository);
    }

    private String because(Link root) {
        long digest = root.digest();
        Long repository = root.live().repository();
        return switch (root.live().rule()) {
            case "young-manifest" ->
                index.first(Question.MANIFEST, row -> RunFacts.time(row.getLong("modified")), digest, repository)
                        .orElse(null);
            case "young-link" ->
                index.first(Question.LINK, row -> RunFacts.time(row.getLong("modified")), digest, repository)
                        .orElse(null);
            case "young-blob" ->
                index.first(Question.BLOB, row -> RunFacts.time(row.getLong("modified")), digest)
                        .orElse(null);
            case "pinned" -> pin(digest, repository);
            default -> null;
        };
    }

    private String pin(long digest, Long repository) {
        return index
                .list(
                        Question.PINNED,
                        row -> new Pin(IndexReader.integer(row, "repository"), row.getString("pinned")),
                        digest)
                .stream()
                .filter(pin -> Objects.equals(pin.repository(), repository))
                .findFirst()
                .map(Pin::why)
                .orElse(null);
    }
}
