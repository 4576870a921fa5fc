package dev.tidemark.bench.tree;

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

    private static String tag(String repository, String tag) {
        return repository(repository) + "_manifests/tags/" + tag + "/";
    }

    private static String repository(String name) {
        return BASE + "repositories/" + name + "/";
    }
}
