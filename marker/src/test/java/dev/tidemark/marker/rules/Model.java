package dev.tidemark.marker.rules;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EligibleRecord.Eligible;
import dev.tidemark.schemas.EnumeratedRecord;
import dev.tidemark.schemas.EnumeratedRecord.Blob;
import dev.tidemark.schemas.EnumeratedRecord.Layer;
import dev.tidemark.schemas.EnumeratedRecord.Leftover;
import dev.tidemark.schemas.EnumeratedRecord.Manifest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Tally;
import dev.tidemark.schemas.Totals;
import dev.tidemark.testkit.Held;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A reference model of the mark, written in the plainest way: the rules are applied to everything until nothing
 * changes.
 */
public final class Model {

    /** A layer link: a repository's to a digest. */
    record Link(String repository, Digest digest) {}

    private final Set<Digest> live = new HashSet<>();
    private final Set<Link> liveLinks = new HashSet<>();
    private final List<Held<Manifest>> manifests;
    private final List<Held<Layer>> layers;
    private final List<Held<Blob>> blobs;
    private final List<Held<Leftover>> leftovers;
    private final Options options;
    private int rounds;

    public Model(Collection<? extends Held<?>> registry, Options options) {
        this.options = options;
        manifests = Held.only(Manifest.class, registry);
        layers = Held.only(Layer.class, registry);
        blobs = Held.only(Blob.class, registry);
        leftovers = Held.only(Leftover.class, registry);
        for (Held<Manifest> m : manifests) {
            if (!m.entry().dangling()
                    && (rooted(m)
                            || m.entry().pinned() != null
                            || young(m.entry().modified()))) {
                live.add(m.digest());
            }
        }
        for (Held<Blob> b : blobs) {
            if (b.entry().pinned() != null || young(b.entry().modified())) {
                live.add(b.digest());
            }
        }
        for (Held<Layer> l : layers) {
            if (l.entry().pinned() != null || young(l.entry().modified())) {
                live(l.repository(), l.digest());
            }
        }
        while (addAll()) {
            rounds++;
        }
    }

    /** Applies the rules to what is live now, at once, and says whether that is more. */
    private boolean addAll() {
        int before = live.size() + liveLinks.size();
        Set<Link> named = named();
        named.forEach(link -> live(link.repository(), link.digest()));
        return live.size() + liveLinks.size() > before;
    }

    /**
     * The digests that live manifests name, where they are held, those that refer to them there, and the targets of
     * live links that have another digest in their path.
     */
    private Set<Link> named() {
        Set<Link> named = new HashSet<>();
        Set<Link> held = new HashSet<>();
        for (Held<Manifest> m : manifests) {
            if (live.contains(m.digest())) {
                held.add(new Link(m.repository(), m.digest()));
                Stream.concat(m.entry().references().stream(), m.entry().optionalReferences().stream())
                        .forEach(d -> named.add(new Link(m.repository(), d)));
            }
        }
        manifests.stream()
                .filter(r -> held.contains(new Link(r.repository(), r.entry().subject())))
                .forEach(r -> named.add(new Link(r.repository(), r.digest())));
        for (Held<Layer> l : layers) {
            if (l.entry().target() != null && liveLinks.contains(new Link(l.repository(), l.digest()))) {
                named.add(new Link(l.repository(), l.entry().target()));
            }
        }
        return named;
    }

    private void live(String repository, Digest digest) {
        live.add(digest);
        liveLinks.add(new Link(repository, digest));
    }

    private boolean rooted(Held<Manifest> m) {
        boolean staying = m.entry().tags().stream()
                .anyMatch(tag -> m.entry().going().stream()
                        .noneMatch(going -> going.tag().equals(tag)));
        return staying || !(options.deleteUntagged() || m.entry().letGo() != null);
    }

    private boolean young(long modified) {
        return !(modified < options.cutoff());
    }

    boolean isLive(Digest digest) {
        return live.contains(digest);
    }

    boolean isBlob(Digest digest) {
        return blobs.stream().anyMatch(b -> b.digest().equals(digest));
    }

    /** How often the rules had to be applied until nothing changed. */
    int rounds() {
        return rounds;
    }

    /** The blobs that nothing keeps but that they, or what links them, are young or pinned. */
    List<Held<Blob>> spared() {
        Set<Digest> kept = named().stream().map(Link::digest).collect(Collectors.toCollection(HashSet::new));
        manifests.stream().filter(m -> !m.entry().dangling() && rooted(m)).forEach(m -> kept.add(m.digest()));
        return blobs.stream()
                .filter(b -> live.contains(b.digest()) && !kept.contains(b.digest()))
                .toList();
    }

    /** What is wrong with the registry. */
    ModelFaults faults() {
        return new ModelFaults(this, manifests, layers, blobs, options);
    }

    /** Each dead blob's bytes, shared evenly among the repositories that link or hold it. */
    Map<String, Long> freed() {
        Map<String, Long> freed = new HashMap<>();
        for (Held<Blob> b : deadBlobs()) {
            List<String> sharers = Stream.concat(
                            manifests.stream()
                                    .filter(m -> m.digest().equals(b.digest()))
                                    .map(Held::repository),
                            layers.stream()
                                    .filter(l -> l.digest().equals(b.digest()))
                                    .map(Held::repository))
                    .distinct()
                    .sorted()
                    .toList();
            List<String> all = sharers.isEmpty() ? List.of("") : sharers;
            for (int i = 0; i < all.size(); i++) {
                freed.merge(all.get(i), (b.entry().size() + all.size() - 1 - i) / all.size(), Long::sum);
            }
        }
        // A repository that frees nothing is not listed.
        freed.values().removeIf(bytes -> bytes == 0);
        return freed;
    }

    long liveManifests() {
        return manifests.stream()
                .filter(m -> live.contains(m.digest()) || m.entry().dangling())
                .count();
    }

    List<Held<Blob>> deadBlobs() {
        return blobs.stream().filter(b -> !live.contains(b.digest())).toList();
    }

    /** An eligible record, as {@link #eligible} has it. */
    public static String text(Eligible record) {
        return record.kind() + " " + record.repository() + " " + record.digest() + " " + record.tag();
    }

    /** The eligible records, as {@code kind repository digest tag}. */
    public Set<String> eligible() {
        Set<String> eligible = new TreeSet<>();
        Map<Link, List<Manifest>> all = manifests.stream()
                .collect(Collectors.groupingBy(
                        m -> new Link(m.repository(), m.digest()),
                        Collectors.mapping(Held::entry, Collectors.toList())));
        for (Held<Manifest> m : manifests) {
            List<Manifest> said = all.get(new Link(m.repository(), m.digest()));
            m.entry().going().stream()
                    .map(EnumeratedRecord.Going::tag)
                    .filter(tag -> said.stream()
                            .allMatch(entry -> entry.going().stream()
                                    .anyMatch(going -> going.tag().equals(tag))))
                    .filter(tag -> said.stream().anyMatch(entry -> !entry.dangling()))
                    .forEach(tag -> eligible.add("TAG " + m.repository() + " " + m.digest() + " " + tag));
        }
        for (Held<Manifest> m : manifests) {
            if (!live.contains(m.digest()) && !m.entry().dangling()) {
                eligible.add("MANIFEST " + m.repository() + " " + m.digest() + " null");
            }
        }
        for (Held<Layer> l : layers) {
            boolean linksLiveManifest = live.contains(l.digest())
                    && manifests.stream()
                            .anyMatch(m -> m.repository().equals(l.repository())
                                    && m.digest().equals(l.digest()));
            if (!liveLinks.contains(new Link(l.repository(), l.digest())) && !linksLiveManifest) {
                eligible.add("LAYER " + l.repository() + " " + l.digest() + " null");
            }
        }
        for (Held<Blob> b : blobs) {
            if (!live.contains(b.digest())) {
                eligible.add("BLOB null " + b.digest() + " null");
            }
        }
        for (Held<Leftover> one : leftovers) {
            if (leftovers.stream()
                    .filter(other -> other.digest().equals(one.digest()))
                    .allMatch(this::abandoned)) {
                eligible.add(one.entry().kind() + " " + one.repository() + " " + one.digest() + " null");
            }
        }
        return eligible;
    }

    private boolean abandoned(Held<Leftover> one) {
        return one.entry().pinned() == null
                && options.leftovers() != null
                && one.entry().modified() < options.leftovers()
                && !young(one.entry().modified());
    }

    /** What was left behind, and is not eligible; then what is. */
    Totals.Leftovers leftBehind() {
        return leftovers.stream()
                .map(one -> Totals.Leftovers.of(
                        one.entry().kind(), new Tally(1, one.entry().bytes()), abandoned(one)))
                .reduce(Totals.Leftovers.NONE, Totals.Leftovers::plus);
    }
}
