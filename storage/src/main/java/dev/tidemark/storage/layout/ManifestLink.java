package dev.tidemark.storage.layout;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.TrashRecord;
import java.util.List;
import java.util.Optional;

/**
 * A link of a repository to a manifest.
 *
 * @param tag null for a revision's link
 * @param digest of the link's path; null for a tag's current link, whose content alone says it
 */
public record ManifestLink(String tag, Digest digest) {

    /** A tag's current link. */
    public static ManifestLink current(String tag) {
        return new ManifestLink(tag, null);
    }

    /** An entry of a tag's history. */
    public static ManifestLink past(String tag, Digest digest) {
        return new ManifestLink(tag, digest);
    }

    public static ManifestLink revision(Digest digest) {
        return new ManifestLink(null, digest);
    }

    /**
     * The link with that path below its repository's; empty if a registry has no such.
     *
     * @param path as {@link #path}
     */
    public static Optional<ManifestLink> of(String path) {
        List<String> steps = List.of(path.split("/", -1));
        Optional<ManifestLink> link = switch (steps.size()) {
            case 5 ->
                steps.get(1).equals("tags")
                        ? tag(steps).map(ManifestLink::current)
                        : digest(steps).map(ManifestLink::revision);
            case 7 -> tag(steps).flatMap(tag -> digest(steps).map(digest -> past(tag, digest)));
            default -> Optional.empty();
        };
        return link.filter(built -> built.path().equals(path));
    }

    /** The link that a record of the trash may be of: a dangling one is recorded there as a tag or a manifest. */
    public static Optional<ManifestLink> of(TrashRecord record) {
        return switch (record.kind()) {
            case TAG -> Optional.of(current(record.tag()));
            case MANIFEST -> Optional.of(revision(record.digest()));
            default -> Optional.empty();
        };
    }

    private static Optional<String> tag(List<String> steps) {
        return Optional.of(steps.get(2)).filter(Layout::validTag);
    }

    private static Optional<Digest> digest(List<String> steps) {
        return Digest.Algorithm.named(steps.get(steps.size() - 3))
                .flatMap(algorithm -> algorithm.ofHex(steps.get(steps.size() - 2)));
    }

    /** Whether it is a tag's current link, with which its history goes. */
    public boolean isTag() {
        return digest == null;
    }

    /** Whether it is a revision's link. */
    public boolean isRevision() {
        return tag == null;
    }

    /** The whole path of its file. */
    public String file(String repository) {
        return isRevision()
                ? Layout.revisionLink(repository, digest)
                : isTag()
                        ? Layout.currentLink(repository, tag)
                        : Layout.historyEntry(repository, tag, digest) + "/" + Layout.LINK;
    }

    /** The path of its file below that of its repository. */
    public String path() {
        return file("").substring(Layout.repository("").length() + 1);
    }
}
