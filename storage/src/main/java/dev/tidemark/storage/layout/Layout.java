package dev.tidemark.storage.layout;

import dev.tidemark.schemas.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The paths of a registry's storage, relative to {@code docker/registry/v2}
 * (distribution, {@code registry/storage/paths.go}).
 *
 * <p>A repository or a tag that was found in the storage can have any name. A path at which something is deleted is
 * built of valid names only.
 */
public final class Layout {

    /** Where {@code docker/registry/v2} lies in a storage root. */
    public static final String BASE = "docker/registry/v2";

    public static final String REPOSITORIES = "repositories";
    public static final String BLOBS = "blobs";
    public static final String MANIFESTS = "_manifests";
    public static final String LAYERS = "_layers";
    public static final String UPLOADS = "_uploads";

    /** A repository's own directories, as a push fills them one by one: what has any of them is a repository. */
    public static final List<String> OWN = List.of(UPLOADS, LAYERS, MANIFESTS);

    public static final String LINK = "link";
    public static final String DATA = "data";
    public static final String CURRENT_LINK = "current/link";
    public static final String STARTED_AT = "startedat";

    private static final int LONGEST_NAME = 255;
    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern NAME = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern UPLOAD =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final Pattern ALGORITHM = Pattern.compile("[A-Za-z0-9]+(?:[+._-][A-Za-z0-9]+)*");

    private Layout() {}

    /** Whether the registry's API can name this repository (distribution/reference, {@code regexp.go}). */
    public static boolean validRepository(String name) {
        return name.length() <= LONGEST_NAME && NAME.matcher(name).matches();
    }

    /** Whether the registry's API can name this tag. */
    public static boolean validTag(String tag) {
        return TAG.matcher(tag).matches();
    }

    /**
     * Whether a digest algorithm can have that name (OCI image spec, descriptor.md). Upper case is none there, but a
     * file system may show names so.
     */
    public static boolean mayBeAlgorithm(String name) {
        return ALGORITHM.matcher(name).matches();
    }

    /** The directory of a repository. The name may be any that was found there. */
    public static String repository(String name) {
        return REPOSITORIES + "/" + name;
    }

    /** The directory of a repository's revisions and tags. */
    public static String manifests(String repository) {
        return repository(repository) + "/" + MANIFESTS;
    }

    public static String revisions(String repository) {
        return manifests(repository) + "/revisions";
    }

    public static String tags(String repository) {
        return manifests(repository) + "/tags";
    }

    public static String layers(String repository) {
        return repository(repository) + "/" + LAYERS;
    }

    /** The directory of a tag. */
    public static String tag(String repository, String tag) {
        return tags(repository) + "/" + tag;
    }

    /** The directory of a tag's history, by algorithm. */
    public static String history(String repository, String tag) {
        return tag(repository, tag) + "/index";
    }

    /** The directory of a revision. */
    public static String revision(String repository, Digest digest) {
        return revisions(repository) + "/" + relative(digest);
    }

    /** The file by which a repository holds a manifest. */
    public static String revisionLink(String repository, Digest digest) {
        return revision(repository, digest) + "/" + LINK;
    }

    /** The directory of a layer link. */
    public static String layer(String repository, Digest digest) {
        return layers(repository) + "/" + relative(digest);
    }

    public static String layerLink(String repository, Digest digest) {
        return layer(repository, digest) + "/" + LINK;
    }

    /** The file that says which manifest a tag names. */
    public static String currentLink(String repository, String tag) {
        return tag(repository, tag) + "/" + CURRENT_LINK;
    }

    /** The directory of a digest's entry in a tag's history. */
    public static String historyEntry(String repository, String tag, Digest digest) {
        return history(repository, tag) + "/" + relative(digest);
    }

    /** The directory of a repository's uploads. */
    public static String uploads(String repository) {
        return repository(repository) + "/" + UPLOADS;
    }

    /** The directory of an upload. */
    public static String upload(String repository, String id) {
        return uploads(repository) + "/" + id;
    }

    /** The file that says when an upload was begun: without it no registry goes on with the upload. */
    public static String uploadStart(String repository, String id) {
        return upload(repository, id) + "/" + STARTED_AT;
    }

    /** The directory of the states of an upload's hash, by algorithm. */
    public static String uploadStates(String repository, String id) {
        return upload(repository, id) + "/hashstates";
    }

    /** The path of an upload, below that of its repository. */
    public static String uploadPath(String id) {
        return UPLOADS + "/" + id;
    }

    /** The id of an upload with that path below its repository's; empty if it is the path of none. */
    public static String uploadId(String path) {
        return path.startsWith(UPLOADS + "/") ? path.substring(UPLOADS.length() + 1) : "";
    }

    /**
     * The whole path of what was left behind.
     *
     * @param repository that it is in, or that it is; null for a blob's directory
     * @param path below that of the repository; null for the repository itself
     */
    public static String leftover(String repository, String path) {
        return repository == null ? path : path == null ? repository(repository) : repository(repository) + "/" + path;
    }

    /** The digest of the whole path: by it, what is known of the leftover comes together. */
    public static Digest leftoverDigest(String repository, String path) {
        return Digest.Algorithm.SHA256.of(leftover(repository, path).getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of an upload's path. */
    public static Digest uploadDigest(String repository, String id) {
        return leftoverDigest(repository, uploadPath(id));
    }

    /** Whether a registry can have made an upload of that id: a UUID. */
    public static boolean validUpload(String id) {
        return UPLOAD.matcher(id).matches();
    }

    /** The directory of a blob. */
    public static String blob(Digest digest) {
        return BLOBS + "/" + digest.algorithm().prefix() + "/" + digest.hex().substring(0, 2) + "/" + digest.hex();
    }

    /** The file that has a blob's bytes. */
    public static String blobData(Digest digest) {
        return blob(digest) + "/" + DATA;
    }

    private static String relative(Digest digest) {
        return digest.algorithm().prefix() + "/" + digest.hex();
    }
}
