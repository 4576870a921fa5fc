package dev.tidemark.storage.objects;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;

/**
 * Where the trash lies in a bucket: {@code tidemark/trash/<run>/} below the registry's root directory, where the
 * registry never looks. A copy of a file is there under the file's path in the registry, with a dot and the time behind
 * it when it was last written, in ms since the epoch: a copy has a time of its own, and a listing says no more.
 *
 * @param top the prefix of all keys of the trash
 */
public record TrashKeys(String top) {

    /** The trash's place below the root directory. */
    public static final String PLACE = "tidemark/trash";

    /** The object that says how long a run's files are kept, and when its trash was made. */
    private static final String KEEP = "keep";

    /** The object that is written each time that files of a run were taken. */
    private static final String TAKEN = "taken";

    /** The lists of files whose old versions are in the trash lie in it. */
    private static final String VERSIONS = "versions/";

    /** The name of a file in the trash. */
    public record Name(String path, long modified) {}

    /** @param root the prefix of all keys of the registry's root directory */
    public static TrashKeys in(String root) {
        return new TrashKeys(root + PLACE + "/");
    }

    public String of(RunId run) {
        return top + run.text() + "/";
    }

    public String keep(RunId run) {
        return of(run) + KEEP;
    }

    public String taken(RunId run) {
        return of(run) + TAKEN;
    }

    /** The prefix of the keys of the lists that say which versions of which files are in the trash. */
    public String versions(RunId run) {
        return of(run) + VERSIONS;
    }

    /** The prefix of the keys of a path's files in the trash. */
    public String file(RunId run, String path) {
        return of(run) + path + ".";
    }

    public String file(RunId run, String path, long modified) {
        return file(run, path) + modified;
    }

    /** Whether a path is one of a file that a sweep may take. */
    public static boolean swept(String path) {
        return (path.startsWith(Layout.REPOSITORIES + "/") || path.startsWith(Layout.BLOBS + "/"))
                && (path.endsWith("/" + Layout.LINK)
                        || path.endsWith("/" + Layout.DATA)
                        || LayoutEntry.uploadOf(path).isPresent());
    }

    /** The name of the file that a run's trash has under a key; null if no sweep has put it there. */
    public Name name(RunId run, String key) {
        String relative = key.substring(of(run).length());
        int dot = relative.lastIndexOf('.');
        String path = relative.substring(0, Math.max(0, dot));
        boolean named = swept(path) && relative.substring(dot + 1).matches("\\d{1,18}");
        return named ? new Name(path, Long.parseLong(relative.substring(dot + 1))) : null;
    }
}
