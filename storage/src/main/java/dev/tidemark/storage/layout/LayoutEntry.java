package dev.tidemark.storage.layout;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The digest that a file of the layout stands for: a revision's link, a layer link, or a blob's data.
 *
 * @param repository null for a blob
 */
public record LayoutEntry(Kind kind, String repository, Digest digest) {

    private static final String REVISIONS = "/" + Layout.MANIFESTS + "/revisions/";
    private static final String TAGS = "/" + Layout.MANIFESTS + "/tags/";
    private static final String HISTORY = "/index/";
    private static final String SIGNATURES = "/signatures/";
    private static final String UPLOADS = "/" + Layout.UPLOADS + "/";
    private static final String LAYERS = "/" + Layout.LAYERS + "/";

    /** Of a path; empty if the file is none of the three: an entry of a tag's history, say. */
    public static Optional<LayoutEntry> of(String path) {
        String directory = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        if (directory.startsWith(Layout.BLOBS + "/")) {
            return digest(directory.replaceFirst("/[0-9a-f]{2}/", "/").substring(Layout.BLOBS.length() + 1))
                    .map(digest -> new LayoutEntry(Kind.BLOB, null, digest));
        }
        return in(directory, REVISIONS, Kind.MANIFEST).or(() -> in(directory, LAYERS, Kind.LAYER));
    }

    /** The manifest of a path whose file is part of its record: an entry of a tag's history, or a signature. */
    public static Optional<LayoutEntry> manifestOf(String path) {
        String directory = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        int tags = directory.indexOf(TAGS);
        int history = directory.lastIndexOf(HISTORY);
        if (tags >= 0 && history > tags) {
            return in(
                    directory.substring(0, tags) + REVISIONS + directory.substring(history + HISTORY.length()),
                    REVISIONS,
                    Kind.MANIFEST);
        }
        int signatures = directory.lastIndexOf(SIGNATURES);
        return signatures < 0 ? Optional.empty() : in(directory.substring(0, signatures), REVISIONS, Kind.MANIFEST);
    }

    /** An upload, as its directories are named. */
    public record NamedUpload(String repository, String id) {

        /** The entry that stands for all its files. */
        public LayoutEntry entry() {
            return new LayoutEntry(Kind.UPLOAD, repository, Layout.uploadDigest(repository, id));
        }
    }

    /**
     * The upload of a path whose file is part of it; empty for any other. A tag may be named {@code _uploads}, so the
     * repository and the id have to be such as a registry makes.
     */
    public static Optional<NamedUpload> uploadOf(String path) {
        int uploads = path.indexOf(UPLOADS);
        int start = Layout.REPOSITORIES.length() + 1;
        int id = uploads + UPLOADS.length();
        int end = path.indexOf('/', id);
        if (uploads < start || end < 0 || !path.startsWith(Layout.REPOSITORIES + "/")) {
            return Optional.empty();
        }
        var upload = new NamedUpload(path.substring(start, uploads), path.substring(id, end));
        return Layout.validRepository(upload.repository()) && Layout.validUpload(upload.id())
                ? Optional.of(upload)
                : Optional.empty();
    }

    /** A tag, as its directories are named. */
    public record NamedTag(String repository, String tag) {}

    /** The tag of a path that is a tag's current link; empty for any other. */
    public static Optional<NamedTag> tagOf(String path) {
        int tags = path.indexOf(TAGS);
        int start = Layout.REPOSITORIES.length() + 1;
        int name = tags + TAGS.length();
        int end = path.length() - Layout.CURRENT_LINK.length() - 1;
        boolean current = tags >= start && path.endsWith("/" + Layout.CURRENT_LINK) && path.indexOf('/', name) == end;
        return current
                ? Optional.of(new NamedTag(path.substring(start, tags), path.substring(name, end)))
                : Optional.empty();
    }

    /** The repository that a path lies in; empty for a blob's. */
    public static Optional<String> repositoryOf(String path) {
        int start = Layout.REPOSITORIES.length() + 1;
        return path.startsWith(Layout.REPOSITORIES + "/")
                ? Stream.of("/" + Layout.MANIFESTS + "/", LAYERS, UPLOADS)
                        .map(path::indexOf)
                        .filter(at -> at >= start)
                        .min(Comparator.naturalOrder())
                        .map(at -> path.substring(start, at))
                : Optional.empty();
    }

    /** All digests that are in a path. */
    public static List<Digest> digests(String path) {
        String[] names = path.split("/");
        List<Digest> digests = new ArrayList<>();
        for (int i = 0; i < names.length - 1; i++) {
            // A blob's directory lies in one of the first two digits.
            String hex = names[i + 1].length() == 2 && i + 2 < names.length ? names[i + 2] : names[i + 1];
            Digest.Algorithm.named(names[i])
                    .flatMap(algorithm -> algorithm.ofHex(hex))
                    .ifPresent(digests::add);
        }
        return digests;
    }

    private static Optional<LayoutEntry> in(String directory, String part, Kind kind) {
        int at = directory.indexOf(part);
        int start = Layout.REPOSITORIES.length() + 1;
        if (at < start) {
            return Optional.empty();
        }
        return digest(directory.substring(at + part.length()))
                .map(digest -> new LayoutEntry(kind, directory.substring(start, at), digest));
    }

    private static Optional<Digest> digest(String relative) {
        int slash = relative.indexOf('/');
        return slash < 0
                ? Optional.empty()
                : Digest.Algorithm.named(relative.substring(0, slash))
                        .flatMap(algorithm -> algorithm.ofHex(relative.substring(slash + 1)));
    }
}
