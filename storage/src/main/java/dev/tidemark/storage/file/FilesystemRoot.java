package dev.tidemark.storage.file;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.layout.Layout;
import dev.tidemark.storage.layout.RootFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/**
 * The directories that a registry's storage has on a filesystem, with the links of the top resolved: an operator may
 * have moved the blobs.
 */
final class FilesystemRoot {

    private final Path root;
    private final Path base;
    private final Path repositories;
    private final Path blobs;
    /** The directories that were there at first, and that never go while there is a registry. */
    private final List<Path> needed;

    private final RealDirectories realDirectories;

    private FilesystemRoot(Path root, Path base) throws IOException {
        this.root = root;
        this.base = base;
        repositories = realPathIfThere(base.resolve(Layout.REPOSITORIES));
        blobs = realPathIfThere(base.resolve(Layout.BLOBS));
        needed = Stream.of(base, repositories, blobs).filter(Files::isDirectory).toList();
        realDirectories = new RealDirectories(
                Stream.of(repositories, blobs).filter(Files::isDirectory).toList());
    }

    /**
     * Looks for the registry in a root directory.
     *
     * @param mayBeEmpty whether a root directory will do without a registry in it, nor anything in its place
     * @throws StorageException if there is no registry in it, or it can't be read
     */
    static FilesystemRoot of(Path rootDirectory, boolean mayBeEmpty) {
        if (!Files.exists(rootDirectory)) {
            throw new StorageException(
                    rootDirectory + " does not exist: name the registry's config.yml or its storage root");
        }
        Path base = rootDirectory.resolve(Layout.BASE);
        try {
            Path root = rootDirectory.toRealPath();
            if (!Files.isDirectory(base)) {
                requireVisible(base);
                if (mayBeEmpty && !isThere(root.resolve(Path.of(Layout.BASE).getName(0)), LinkOption.NOFOLLOW_LINKS)) {
                    return new FilesystemRoot(root, root.resolve(Layout.BASE));
                }
                throw new StorageException(
                        rootDirectory + " has no " + Layout.BASE + " in it: it is not the storage root of a registry");
            }
            Path realBase = base.toRealPath();
            for (Path needed :
                    List.of(realBase, realBase.resolve(Layout.REPOSITORIES), realBase.resolve(Layout.BLOBS))) {
                requireReadable(root, needed);
            }
            return new FilesystemRoot(root, realBase);
        } catch (AccessDeniedException e) {
            throw new StorageException(e.getFile() + " cannot be read: run Tidemark as the registry's user", e);
        } catch (IOException e) {
            throw new StorageException(rootDirectory + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** A directory that seems not to be there may only be out of sight. */
    private static void requireVisible(Path path) {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (Files.isDirectory(above)) {
                if (!Files.isExecutable(above)) {
                    throw new StorageException(above + " cannot be read: run Tidemark as the registry's user");
                }
                return;
            }
        }
    }

    private static void requireReadable(Path root, Path directory) throws IOException {
        if (!isThere(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path real = directory.toRealPath();
        if (!real.startsWith(root)) {
            throw leadsOut(directory, root, real);
        }
        if (!Files.isReadable(real) || !Files.isExecutable(real)) {
            throw new StorageException(directory + " cannot be read: run Tidemark as the registry's user");
        }
    }

    private static Path realPathIfThere(Path path) throws IOException {
        return isThere(path) ? path.toRealPath() : path;
    }

    /** Throws if the path can't be looked at: it may be there. */
    private static boolean isThere(Path path, LinkOption... links) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, links);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Where a path of the layout lies, or a file beside it. */
    Path resolve(String path) {
        if (RootFiles.are(path)) {
            return root.resolve(path.substring(1));
        }
        int slash = path.indexOf('/');
        String top = slash < 0 ? path : path.substring(0, slash);
        String rest = slash < 0 ? "" : path.substring(slash + 1);
        try {
            return switch (top) {
                case Layout.REPOSITORIES -> repositories.resolve(rest);
                case Layout.BLOBS -> blobs.resolve(rest);
                default -> throw new IllegalArgumentException("no path of a registry's layout: " + path);
            };
        } catch (InvalidPathException e) {
            // Another process has listed it, in another locale.
            throw new StorageException(
                    path + " is no path here (" + e.getReason() + "): correct the locale (LC_ALL=C.UTF-8)", e);
        }
    }

    /** The directories that are known to be real ones. */
    RealDirectories realDirectories() {
        return realDirectories;
    }

    /** The root directory itself, without links in its path. */
    Path path() {
        return root;
    }

    /** The directories of the repositories and the blobs, as far as they are there, without links in their paths. */
    List<Path> tops() {
        return Stream.of(repositories, blobs).filter(Files::isDirectory).toList();
    }

    /** Whether a path without links in it is in the root. */
    boolean holds(Path real) {
        return real.startsWith(root);
    }

    /** Whether what is at a path without links in it is listed as a part of the registry. */
    boolean lists(Path real) {
        return real.startsWith(repositories) || real.startsWith(blobs) || base.startsWith(real);
    }

    /**
     * Whether something is in the place of a directory above the file, so that the file is not there. A directory that
     * can't be looked at either says nothing.
     */
    boolean behindNoDirectory(Path file) {
        for (Path above = file.getParent(); above != null; above = above.getParent()) {
            if (Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
                requireStorage();
                try {
                    return FileTypes.leadsToItself(above) || !FileTypes.mayBeDirectory(above);
                } catch (IOException e) {
                    return false;
                }
            }
        }
        return false;
    }

    /**
     * On a file system that is not mounted any more nothing is found either, and that says nothing of what is there.
     */
    void requireStorage() {
        for (Path directory : needed) {
            if (!Files.isDirectory(directory)) {
                throw new StorageException(directory + " is not there any more: is its file system mounted?");
            }
        }
    }

    void requireInRoot(Path directory) {
        if (realDirectories.contain(directory)) {
            return;
        }
        Path real;
        try {
            real = directory.toRealPath();
        } catch (IOException e) {
            // Not there, or not to be reached: a look into it tells which.
            return;
        }
        if (!real.startsWith(root)) {
            throw leadsOut(directory, root, real);
        }
    }

    private static ForbiddenException leadsOut(Path link, Path root, Path real) {
        return new ForbiddenException(link + " leads out of " + root
                + " by a symbolic link, and Tidemark never follows those: mount " + real + " there instead");
    }

    @Override
    public String toString() {
        return root.toString();
    }
}
