package dev.tidemark.enumerator.read;

import static dev.tidemark.schemas.Problem.Kind.DANGLING_MANIFEST;
import static dev.tidemark.schemas.Problem.Kind.DANGLING_TAG;
import static dev.tidemark.schemas.Problem.Kind.MISDIRECTED_LINK;
import static dev.tidemark.schemas.Problem.Kind.UNREADABLE_MANIFEST;

import dev.tidemark.enumerator.pin.Revision;
import dev.tidemark.enumerator.pin.Revision.Content;
import dev.tidemark.enumerator.pin.Revision.Link;
import dev.tidemark.enumerator.pin.TagFacts;
import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Sizes;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Listing;
import dev.tidemark.storage.Parallel;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.Storage.Stat;
import dev.tidemark.storage.Storage.Type;
import dev.tidemark.storage.layout.DigestDirectory;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LinkFile;
import dev.tidemark.storage.manifest.ManifestContent;
import dev.tidemark.storage.manifest.StoredManifest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the manifests of a repository: first which there are, then, with the tags that name them, what they say. */
final class RevisionReader {

    /** Of a link that can't be looked at. */
    private static final Stat UNKNOWN = new Stat(0, 0);

    private static final Link OWN = new Link.Own();
    private static final Content MISSING = new Content.Missing();

    private final Storage storage;
    private final ManifestSource manifests;
    private final String repository;
    private final Problems problems;
    private final Map<Digest, Stat> links = new LinkedHashMap<>();
    private final Set<Digest> outOfRoot = new HashSet<>();
    private final Set<Digest> left = new HashSet<>();
    private Tally files = Tally.NONE;

    RevisionReader(Storage storage, ManifestSource manifests, String repository, Problems problems) {
        this.storage = storage;
        this.manifests = manifests;
        this.repository = repository;
        this.problems = problems;
    }

    /**
     * Lists the revisions.
     *
     * @return whether there are some of an algorithm that we don't know
     */
    boolean list(Listing listed) {
        return new LinkDirectory(listed, Layout.revisions(repository), "everything in the repository is kept", problems)
                .list(
                        (digest, leaf) -> {
                            if (leaf.type() == Type.LINK_OUT_OF_ROOT) {
                                outOfRoot.add(digest);
                                links.put(digest, UNKNOWN);
                            } else {
                                links.put(digest, leaf.stat());
                                files = files.plus(leaf.stat().size());
                            }
                        },
                        left::add);
    }

    /** The digests of which there is a directory, and no link. */
    Set<Digest> left() {
        return left;
    }

    /** The links that were listed, with their bytes. */
    Tally files() {
        return files;
    }

    /** The manifests that there are. */
    Set<Digest> digests() {
        return links.keySet();
    }

    /**
     * Reads the manifests, and those that only tags name. One whose link vanished since it was listed is none, unless
     * something names it.
     */
    List<Revision> read(TagFacts tags) {
        lookUpTagged(tags);
        List<Revision> revisions =
                Parallel.map(List.copyOf(links.keySet()), storage.parallelism(), digest -> revision(digest, tags))
                        .stream()
                        .flatMap(Optional::stream)
                        .toList();
        revisions.forEach(revision -> report(revision, tags));
        return revisions;
    }

    /**
     * A tag may name what the list of revisions hasn't: pushed since, or linked as a layer, as registries of 2.1.0 did.
     */
    private void lookUpTagged(TagFacts tags) {
        tags.current().forEach((digest, names) -> {
            if (links.containsKey(digest)) {
                return;
            }
            storage.stat(linkPath(digest))
                    .or(() -> storage.stat(Layout.layerLink(repository, digest))
                            .filter(link ->
                                    storage.stat(Layout.blobData(digest)).isPresent()))
                    .ifPresentOrElse(
                            stat -> links.put(digest, stat),
                            () -> names.forEach(tag -> problems.add(
                                    DANGLING_TAG,
                                    repository + ":" + tag,
                                    "it names " + digest + ", which the repository does not hold")));
        });
    }

    /** Empty if the manifest was deleted since it was listed. */
    private Optional<Revision> revision(Digest digest, TagFacts tags) {
        Stat stat = links.get(digest);
        boolean asExpected = stat.md5() != null && stat.md5().equals(LinkFile.md5(digest));
        LinkFile link = asExpected ? new LinkFile.Names(digest) : LinkFile.at(storage, linkPath(digest));
        boolean behindLink = outOfRoot.contains(digest);
        boolean named = behindLink
                || tags.current().containsKey(digest)
                || tags.inUnreadable().contains(digest);
        return link instanceof LinkFile.Absent && !named
                ? Optional.empty()
                : Optional.of(
                        new Revision(digest, stat.modified(), behindLink, link(digest, link), content(digest, true)));
    }

    private String linkPath(Digest digest) {
        return Layout.revisionLink(repository, digest);
    }

    private Link link(Digest own, LinkFile link) {
        return switch (link) {
            case LinkFile.Names names ->
                names.digest().equals(own) ? OWN : new Link.Other(names.digest(), content(names.digest(), false));
            case LinkFile.Absent absent -> OWN;
            case LinkFile.Unreadable unreadable -> new Link.Unreadable(unreadable.why());
        };
    }

    /**
     * @throws ForbiddenException if there are signatures that may not be listed: they may be any blobs
     */
    private Content content(Digest digest, boolean withSignatures) {
        Optional<StoredManifest> manifest;
        try {
            manifest = manifests.read(digest);
        } catch (ForbiddenException e) {
            return new Content.Forbidden(sizeIfKnown(digest), e.getMessage());
        }
        return manifest.map(stored -> content(digest, stored, withSignatures)).orElse(MISSING);
    }

    private Content content(Digest digest, StoredManifest manifest, boolean withSignatures) {
        return switch (manifest.content()) {
            case ManifestContent.Understood understood -> {
                List<Digest> references =
                        understood.references().stream().distinct().toList();
                yield new Content.Understood(
                        manifest.size(),
                        understood.mediaType(),
                        references,
                        Sizes.of(references, understood.sizes()),
                        understood.foreign(),
                        understood.subject(),
                        withSignatures && understood.schema1()
                                ? DigestDirectory.list(storage, Layout.revision(repository, digest) + "/signatures")
                                : List.of());
            }
            case ManifestContent.Doubtful doubtful ->
                new Content.Doubtful(manifest.size(), doubtful.mediaType(), doubtful.why(), doubtful.named());
        };
    }

    private long sizeIfKnown(Digest digest) {
        try {
            return storage.stat(Layout.blobData(digest)).map(Stat::size).orElse(0L);
        } catch (ForbiddenException e) {
            return 0;
        }
    }

    private void report(Revision revision, TagFacts tags) {
        String where = repository + "@" + revision.digest();
        switch (revision.link()) {
            case Link.Other other ->
                problems.add(MISDIRECTED_LINK, where, "the revision link names " + other.digest() + ": both are kept");
            case Link.Unreadable unreadable ->
                problems.add(MISDIRECTED_LINK, where, "the revision link can't be read: " + unreadable.why());
            case Link.Own own -> {}
        }
        switch (revision.content()) {
            case Content.Forbidden forbidden ->
                problems.add(UNREADABLE_MANIFEST, where, forbidden.why() + ": everything in the repository is kept");
            case Content.Missing missing ->
                problems.add(
                        DANGLING_MANIFEST,
                        where,
                        tags.naming(revision.digest()).isEmpty()
                                ? "its blob is not there"
                                : "its blob is not there, and tags name it");
            case Content.Doubtful doubtful ->
                problems.add(
                        UNREADABLE_MANIFEST,
                        where,
                        doubtful.why() + ": it is kept, with all that it names and all that the repository links");
            case Content.Understood understood -> {}
        }
    }
}
