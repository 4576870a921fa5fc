package dev.tidemark.storage.file;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.LayoutEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Where the trash lies on a filesystem: {@code tidemark/trash/<run>} in the registry's root directory, where the
 * registry never looks. A file keeps its path in the registry, but that its last directory and its name are one:
 * {@code …/<hex>.data} for {@code …/<hex>/data}. So a file in the trash needs no directory of its own.
 */
record TrashDirectory(Path top) {

    private static final String TIDEMARK = "tidemark";
    private static final String TRASH = "trash";
    private static final String END_OF_LINK = "/" + Layout.LINK;
    private static final String END_OF_DATA = "/" + Layout.DATA;

    private static final List<String> OF_DIGEST = List.of("." + Layout.LINK, "." + Layout.DATA);
    private static final List<String> OF_UPLOAD = List.of("." + Layout.STARTED_AT, "." + Layout.DATA);

    static TrashDirectory in(Path root) {
        return new TrashDirectory(root.resolve(TIDEMARK).resolve(TRASH));
    }

    Path of(RunId run) {
        return top.resolve(run.text());
    }

    /** The file that says how long the run's files are kept: in ISO 8601, as {@code PT24H}. */
    Path keep(RunId run) {
        return of(run).resolve("keep");
    }

    /** A file of nobody else, which is to replace that one: several sweepers make the trash of a run at once. */
    Path newKeep(RunId run) {
        return of(run).resolve("keep." + UUID.randomUUID());
    }

    /** Whether the file says how long the run's files are kept, or was to. */
    boolean keeps(RunId run, Path file) {
        return file.equals(keep(run)) || file.toString().startsWith(keep(run) + ".");
    }

    /** The ends of the names that files have in the trash which lie in a directory of the registry itself. */
    static List<String> leaves(String directory) {
        return LayoutEntry.uploadOf(directory + "/" + Layout.STARTED_AT).isPresent() ? OF_UPLOAD : OF_DIGEST;
    }

    /** Where the trash has a file of the registry. */
    Path file(RunId run, String path) {
        if (!mayBeSwept(path)) {
            throw new IllegalArgumentException("neither a link, nor a blob's data, nor of an upload: " + path);
        }
        int slash = path.lastIndexOf('/');
        return of(run).resolve(path.substring(0, slash) + "." + path.substring(slash + 1));
    }

    /** The path in the registry of a file in a run's trash; null if no sweep has put it there. */
    String path(RunId run, Path file) {
        String relative = of(run).relativize(file).toString();
        int dot = relative.lastIndexOf('.');
        String leaf = dot < 0 ? "" : "/" + relative.substring(dot + 1);
        String path = relative.substring(0, Math.max(0, dot)) + leaf;
        boolean swept = mayBeSwept(path)
                && (relative.startsWith(Layout.REPOSITORIES + "/") || relative.startsWith(Layout.BLOBS + "/"));
        return swept ? path : null;
    }

    /** No file of an upload has a dot in its name. */
    private static boolean mayBeSwept(String path) {
        return path.endsWith(END_OF_LINK)
                || path.endsWith(END_OF_DATA)
                || (LayoutEntry.uploadOf(path).isPresent() && path.indexOf('.', path.lastIndexOf('/')) < 0);
    }
}
