package dev.tidemark.sweeper.look;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.EnumeratedRecord.Options;
import dev.tidemark.schemas.Kind;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.DigestDirectory;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.layout.RepositoryTree;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.ManifestReader;
import dev.tidemark.storage.manifest.StoredManifest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;

/**
 * Follows every young link of a registry to all that it leads to. A link is young if it was written since the cutoff:
 * something was pushed, or linked again.
 */
public final class YoungLinks {

    /** Takes what a young link leads to. Several threads call it; a digest may come more than once. */
    public interface Visitor {

        /** A young or held link that is there, of a manifest or of a layer. */
        default void link(Kind kind, String repository, Digest digest) {}

        /** Any link that is there and not young, when all are listed. It was written then, in ms since the epoch. */
        default void old(String repository, Digest digest, long modified) {}

        /** A manifest, before it is read. */
        void manifest(String repository, Digest digest);

        /** A blob that a manifest or a layer link of the repository names. */
        void blob(String repository, Digest digest);

        /** A manifest of the repository can't be understood: it may need every layer link of it. */
        default void everyLayer(String repository) {}
    }

    private final Storage storage;
    private final ManifestReader manifests;
    private final Options options;
    private final BiPredicate<String, Digest> held;
    private final Runnable goingOn;
    private final Visitor visitor;
    private final Set<Held> met = ConcurrentHashMap.newKeySet();
    private final Queue<Held> pending = new ConcurrentLinkedQueue<>();
    private final Set<String> keptWhole = ConcurrentHashMap.newKeySet();
    /**
     * The digests that layer links name, by the digest of the link's path, where they differ: the blob that a manifest
     * names by the path's digest is stored under the link's.
     */
    private final Map<Digest, Set<Digest>> targets = new ConcurrentHashMap<>();

    /** A manifest, in a repository that is young there or leads to it. */
    private record Held(String repository, Digest digest) {}

    /**
     * @param options whose cutoff says which links are young
     * @param held says whether a link of a repository to a digest is followed, however old it is
     * @param goingOn called every so often, by several threads; it throws to end the look
     */
    public YoungLinks(
            Storage storage, Options options, BiPredicate<String, Digest> held, Runnable goingOn, Visitor visitor) {
        this.goingOn = goingOn;
        this.storage = storage;
        this.manifests = new ManifestReader(storage);
        this.options = options;
        this.held = held;
        this.visitor = visitor;
    }

    /**
     * Lists all links, and follows those that are young, or held.
     *
     * @throws StorageException if not all of them could be read
     */
    public void follow() {
        List<String> repositories = new ArrayList<>();
        new RepositoryTree(storage, known -> {}).walk(repositories::add);
        Parallel.forEach(repositories, storage.parallelism(), repository -> {
            goingOn.run();
            each(storage.listed(Layout.manifests(repository)), Layout.revisions(repository), (digest, stat) -> {
                old(repository, digest, stat);
                if (followed(repository, digest, stat)) {
                    visitor.link(Kind.MANIFEST, repository, digest);
                    manifest(repository, digest);
                }
            });
            eachLayer(repository, (digest, stat) -> {
                old(repository, digest, stat);
                lookAtLayer(repository, digest, stat);
            });
        });
        descend();
    }

    /**
     * Follows the links of these digests alone, as far as they are young.
     *
     * @throws StorageException if not all of them could be read
     */
    public void follow(Collection<Nominee> nominees) {
        Parallel.forEach(List.copyOf(nominees), storage.parallelism(), nominee -> {
            goingOn.run();
            String repository = nominee.repository();
            if (!Layout.validRepository(repository)) {
                return;
            }
            if (storage.stat(Layout.revisionLink(repository, nominee.digest()))
                    .filter(stat -> followed(repository, nominee.digest(), stat))
                    .isPresent()) {
                manifest(repository, nominee.digest());
            }
            storage.stat(Layout.layerLink(repository, nominee.digest()))
                    .ifPresent(stat -> lookAtLayer(repository, nominee.digest(), stat));
        });
        descend();
    }

    /**
     * Follows these manifests, however old they are.
     *
     * @throws StorageException if not all of them could be read
     */
    void followManifests(Collection<Nominee> held) {
        held.forEach(manifest -> manifest(manifest.repository(), manifest.digest()));
        descend();
    }

    private void descend() {
        while (!pending.isEmpty()) {
            List<Held> next = new ArrayList<>();
            for (Held manifest = pending.poll(); manifest != null; manifest = pending.poll()) {
                next.add(manifest);
            }
            Parallel.forEach(next, storage.parallelism(), manifest -> {
                goingOn.run();
                descend(manifest.repository(), manifest.digest());
            });
        }
    }

    /** The digests under which a blob is stored that manifests name by this one: layer links name those instead. */
    public Set<Digest> targets(Digest digest) {
        return targets.getOrDefault(digest, Set.of());
    }

    /** Hands out the digests that manifests name, each with one under which its blob is stored instead. */
    public void eachTarget(BiConsumer<Digest, Digest> to) {
        targets.forEach((digest, all) -> all.forEach(target -> to.accept(digest, target)));
    }

    private void eachLayer(String repository, BiConsumer<Digest, Storage.Stat> link) {
        each(storage.listed(Layout.layers(repository)), Layout.layers(repository), link);
    }

    private static void each(Listing listed, String directory, BiConsumer<Digest, Storage.Stat> link) {
        for (Storage.Child child : listed.children(directory)) {
            Digest.Algorithm.named(child.name())
                    .ifPresent(algorithm -> listed.leaves(directory + "/" + child.name(), Layout.LINK, leaf -> {
                        if (leaf.stat() != null) {
                            algorithm.ofHex(leaf.name()).ifPresent(digest -> link.accept(digest, leaf.stat()));
                        }
                    }));
        }
    }

    private void old(String repository, Digest digest, Storage.Stat stat) {
        if (!options.young(stat.modified())) {
            visitor.old(repository, digest, stat.modified());
        }
    }

    private void lookAtLayer(String repository, Digest digest, Storage.Stat stat) {
        boolean followed = followed(repository, digest, stat);
        if (followed) {
            visitor.link(Kind.LAYER, repository, digest);
            visitor.blob(repository, digest);
        }
        if ((followed || stat.size() != digest.toString().length())
                && LinkFile.at(storage, Layout.layerLink(repository, digest)) instanceof LinkFile.Names names
                && !names.digest().equals(digest)) {
            targets.computeIfAbsent(digest, link -> ConcurrentHashMap.newKeySet())
                    .add(names.digest());
        }
    }

    private boolean followed(String repository, Digest digest, Storage.Stat stat) {
        return options.young(stat.modified()) || held.test(repository, digest);
    }

    private void manifest(String repository, Digest digest) {
        visitor.manifest(repository, digest);
        var manifest = new Held(repository, digest);
        if (met.add(manifest)) {
            pending.add(manifest);
        }
    }

    private void descend(String repository, Digest digest) {
        Optional<StoredManifest> manifest;
        try {
            manifest = manifests.read(digest);
        } catch (ForbiddenException e) {
            throw new StorageException(
                    "what " + digest + ", pushed since the run began, references can't be known: " + e.getMessage(), e);
        }
        manifest.ifPresent(read -> {
            switch (read.content()) {
                case ManifestContent.Understood index
                when index.index() -> {
                    index.references().forEach(child -> manifest(repository, child));
                    index.foreign().forEach(child -> manifest(repository, child));
                }
                case ManifestContent.Understood image -> {
                    image.references().forEach(named -> visitor.blob(repository, named));
                    image.foreign().forEach(named -> visitor.blob(repository, named));
                    if (image.schema1()) {
                        DigestDirectory.list(storage, Layout.revision(repository, digest) + "/signatures")
                                .forEach(signature -> visitor.blob(repository, signature));
                    }
                }
                case ManifestContent.Doubtful doubtful -> {
                    doubtful.named().forEach(named -> manifest(repository, named));
                    if (keptWhole.add(repository)) {
                        visitor.everyLayer(repository);
                        eachLayer(repository, (layer, stat) -> visitor.blob(repository, layer));
                    }
                }
            }
        });
    }
}
