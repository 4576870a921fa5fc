package dev.tidemark.evidence.explain;

import dev.tidemark.evidence.explain.TagExplanation.Bytes;
import dev.tidemark.evidence.explain.TagExplanation.Node;
import dev.tidemark.evidence.index.IndexReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tree under a tag: every digest that its manifest leads to, and which of them something else keeps, too.
 *
 * <p>It is found out from the tag's side: for each digest under it, whether another tag names it, something live that
 * is not under the tag references it or is its subject, or a pin keeps it; then everything under such a digest is
 * shared as well. So the work grows with the tag's tree, not with the registry. A live digest that is not under the tag
 * stays live without it: no way from a root to that digest leads through one under the tag, or it would be under the
 * tag itself.
 */
final class TagTree {

    private final IndexReader index;
    private final Names names;
    private final boolean untaggedStay;
    private final long repository;
    private final String tag;

    private final Map<Long, Member> members = new LinkedHashMap<>();
    private final Map<Long, String> keepers = new HashMap<>();
    private final Set<Long> shared = new HashSet<>();

    /**
     * Reads the tree.
     *
     * @param untaggedStay whether manifests that no tag names are roots in this run
     */
    TagTree(IndexReader index, boolean untaggedStay, long repository, String tag, long manifest) {
        this.index = index;
        this.names = new Names(index);
        this.untaggedStay = untaggedStay;
        this.repository = repository;
        this.tag = tag;
        collect(manifest);
        members.keySet().forEach(digest -> keeper(digest).ifPresent(keeper -> keepers.put(digest, keeper)));
        share();
    }

    /**
     * A reference of a manifest in one repository.
     *
     * @param wrong the size that the manifest says, if the blob has another; else null
     */
    private record Reference(long repository, int position, long child, boolean optional, Long wrong) {}

    /** A place in the tree: a digest, what its parent takes it for, and the size that it wrongly says, or null. */
    private record Place(String what, long digest, boolean optional, Long wrong) {}

    /**
     * A digest under the tag.
     *
     * @param size null if its blob is not there
     * @param references as the tag's repository has them, or the first that holds it
     * @param referrers the manifests of that repository whose subject it is
     * @param next everything that it keeps, in whatever repository
     */
    private record Member(Long size, List<Reference> references, List<Long> referrers, Set<Long> next) {}

    private record Referrer(long digest, long repository) {}

    private void collect(long root) {
        Deque<Long> rest = new ArrayDeque<>(List.of(root));
        while (!rest.isEmpty()) {
            long digest = rest.poll();
            if (!members.containsKey(digest)) {
                Member member = member(digest);
                members.put(digest, member);
                rest.addAll(member.next());
            }
        }
    }

    private Member member(long digest) {
        List<Reference> all = index.list(
                Question.CHILDREN,
                row -> new Reference(
                        row.getLong("repository"),
                        row.getInt("position"),
                        row.getLong("child"),
                        row.getBoolean("optional"),
                        IndexReader.integer(row, "wrong")),
                digest);
        List<Referrer> referrers =
                index.list(Question.REFERRERS, row -> new Referrer(row.getLong(1), row.getLong(2)), digest);
        List<Long> places = Stream.concat(
                        all.stream().map(Reference::repository),
                        referrers.stream().map(Referrer::repository))
                .toList();
        long shown = places.isEmpty() || places.contains(repository) ? repository : places.getFirst();
        Set<Long> next = new HashSet<>();
        for (Reference reference : all) {
            next.add(reference.child());
            follow(reference.child(), reference.repository(), next);
        }
        for (Referrer referrer : referrers) {
            next.add(referrer.digest());
            follow(referrer.digest(), referrer.repository(), next);
        }
        return new Member(
                names.size(digest),
                all.stream()
                        .filter(reference -> reference.repository() == shown)
                        .toList(),
                referrers.stream()
                        .filter(referrer -> referrer.repository() == shown)
                        .map(Referrer::digest)
                        .toList(),
                next);
    }

    /** A link whose content names another digest keeps that one: it is what the registry serves. */
    private void follow(long digest, long in, Set<Long> next) {
        Optional<Long> target = index.first(Question.TARGET, row -> row.getLong(1), digest, in);
        while (target.isPresent() && next.add(target.get())) {
            target = index.first(Question.TARGET, row -> row.getLong(1), target.get(), in);
        }
    }

    /** An example of another tag, manifest or pin, outside of the tree, that keeps a digest under the tag. */
    private Optional<String> keeper(long digest) {
        return index.first(
                        Question.OTHER_TAG,
                        row -> names.repository(row.getLong(1)) + ":" + row.getString(2),
                        digest,
                        repository,
                        tag)
                .or(() -> index.first(Question.PINNED, row -> row.getString("pinned"), digest))
                .or(() -> untaggedStay ? heldElsewhere(digest) : Optional.empty())
                .or(() -> parentOutside(digest))
                .or(() -> outside(Question.LIVE_SUBJECTS, digest))
                .or(() -> aliasOutside(digest));
    }

    private Optional<String> heldElsewhere(long digest) {
        return index.first(
                Question.HELD_ELSEWHERE,
                row -> names.repository(row.getLong(1)) + "@" + names.digest(digest),
                digest,
                repository);
    }

    private Optional<String> parentOutside(long digest) {
        return outside(Question.LIVE_PARENTS, digest);
    }

    private Optional<String> aliasOutside(long digest) {
        return outside(Question.LIVE_ALIASES, digest);
    }

    private Optional<String> outside(Question query, long digest) {
        var found = new ArrayList<String>(1);
        index.each(
                query,
                row -> {
                    if (!members.containsKey(row.getLong(1))) {
                        found.add(names.repository(row.getLong(2)) + "@" + names.digest(row.getLong(1)));
                    }
                    return found.isEmpty();
                },
                digest);
        return found.stream().findFirst();
    }

    private void share() {
        Deque<Long> rest = new ArrayDeque<>(keepers.keySet());
        while (!rest.isEmpty()) {
            long digest = rest.poll();
            if (shared.add(digest)) {
                rest.addAll(members.get(digest).next());
            }
        }
    }

    Bytes total() {
        Bytes own = own();
        Bytes shared = shared();
        return new Bytes(own.blobs() + shared.blobs(), own.bytes() + shared.bytes());
    }

    /** The blobs that would be freed if the tag went, with their bytes. */
    Bytes own() {
        return sum(false);
    }

    Bytes shared() {
        return sum(true);
    }

    private Bytes sum(boolean ofShared) {
        Bytes sum = Bytes.NONE;
        for (Map.Entry<Long, Member> member : members.entrySet()) {
            if (member.getValue().size() != null && shared.contains(member.getKey()) == ofShared) {
                sum = sum.plus(member.getValue().size());
            }
        }
        return sum;
    }

    /** How many blobs are not there that some manifest under the tag needs. */
    long missing() {
        Set<Long> needed = new HashSet<>();
        members.values()
                .forEach(member -> member.references().stream()
                        .filter(reference -> !reference.optional())
                        .map(Reference::child)
                        .forEach(needed::add));
        return needed.stream()
                .filter(digest -> members.get(digest).size() == null && !aliased(digest))
                .count();
    }

    /** How many blobs have another size than a manifest under the tag says. */
    long wrongSizes() {
        return members.values().stream()
                .flatMap(member -> member.references().stream())
                .filter(reference -> reference.wrong() != null)
                .map(Reference::child)
                .distinct()
                .count();
    }

    /** Whether a link stands for it whose content names a blob that is there. */
    private boolean aliased(long digest) {
        return index.first(Question.TARGET, row -> row.getLong(1), digest, repository)
                .map(members::get)
                .filter(target -> target.size() != null)
                .isPresent();
    }

    /** The tree from the manifest that the tag names. */
    Node root() {
        long manifest = members.keySet().iterator().next();
        return node(new Place(Step.MANIFEST, manifest, false, null), new HashSet<>());
    }

    private Node node(Place place, Set<Long> shown) {
        long digest = place.digest();
        Member member = members.get(digest);
        boolean again = !shown.add(digest);
        String type = Step.typed(place.what()) ? names.mediaType(digest, repository) : null;
        List<Node> children = again
                ? List.of()
                : places(digest, member).stream()
                        .map(child -> node(child, shown))
                        .toList();
        boolean absent = member.size() == null && !aliased(digest);
        return new Node(
                place.what().equals(Step.MANIFEST) ? MediaTypes.manifest(type) : place.what(),
                names.digest(digest),
                type,
                member.size(),
                place.wrong(),
                absent && !place.optional(),
                absent && place.optional(),
                !shared.contains(digest),
                keepers.get(digest),
                again && !member.next().isEmpty(),
                children);
    }

    private List<Place> places(long digest, Member member) {
        return Stream.concat(
                        references(digest, member),
                        member.referrers().stream().map(referrer -> new Place(Step.REFERRER, referrer, true, null)))
                .toList();
    }

    private Stream<Place> references(long digest, Member member) {
        if (member.references().isEmpty()) {
            return Stream.empty();
        }
        String type = names.mediaType(digest, member.references().getFirst().repository());
        return member.references().stream()
                .map(reference -> new Place(
                        MediaTypes.reference(type, reference.position(), reference.optional()),
                        reference.child(),
                        reference.optional(),
                        reference.wrong()));
    }
}
