package dev.tidemark.bench.tree;

import java.util.UUID;

/** The paths of blobs and links in a registry's storage. */
final class RegistryPaths {

    private static final String BASE = "docker/registry/v2/";

    private RegistryPaths() {}

    static String blob(Sha256 digest) {
        return BASE + "blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex() + "/data";
    }

    static String layer(String repository, Sha256 digest) {
        return repository(repository) + "_layers/sha256/" + digest.hex() + "/link";
    }

    static String revision(String repository, Sha256 digest) {
        return repository(repository) + "_manifests/revisions/sha256/" + digest.hex() + "/link";
    }

    static String currentLink(String repository, String tag) {
        return tag(repository, tag) + "current/link";
    }

    static String history(String repository, String tag, Sha256 digest) {
        return tag(repository, tag) + "index/sha256/" + digest.hex() + "/link";
    }

    static String revisionDirectory(String repository, Sha256 digest) {
        return directoryOf(revision(repository, digest));
    }

    /** A file of an upload. */
    static String upload(String repository, UUID id, String file) {
        return repository(repository) + "_uploads/" + id + "/" + file;
    }

    /** The directory of a repository. */
    static String directory(String repository) {
        return BASE + "repositories/" + repository;
    }

    private static String directoryOf(String file) {
        return file.substring(0, file.lastIndexOf('/'));
    }

    private static String tag(String repository, String tag) {
        return repository(repository) + "_manifests/tags/" + tag + "/";
    }

    private static String repository(String name) {
        return directory(name) + "/";
    }
}
