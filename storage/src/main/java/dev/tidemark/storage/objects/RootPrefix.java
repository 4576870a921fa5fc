package dev.tidemark.storage.objects;

import dev.tidemark.storage.layout.Layout;

/**
 * The prefix of a registry's keys in a bucket or container.
 *
 * @param text of all below its root directory; empty, or with a slash at its end
 */
public record RootPrefix(String text) {

    /**
     * The keys of most drivers begin with no slash.
     *
     * @param rootDirectory as the registry is told it; empty for none
     */
    public static RootPrefix of(String rootDirectory) {
        String root = rootDirectory.replaceAll("^/+|/+$", "");
        return new RootPrefix(root.isEmpty() ? "" : root + "/");
    }

    /** The prefix of the keys of all paths. */
    public String base() {
        return text + Layout.BASE + "/";
    }

    /** The key of a path. One that begins with a slash is relative to the registry's root directory. */
    public String key(String path) {
        return path.startsWith("/") ? text + path.substring(1) : base() + path;
    }
}
