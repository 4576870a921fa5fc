package dev.tidemark.storage.file;

import dev.tidemark.schemas.Digest;
import dev.tidemark.schemas.OtherFiles.Disk;
import dev.tidemark.schemas.Tally;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A registry on a filesystem (distribution's {@code filesystem} driver).
 *
 * <p>Symbolic links are followed as long as they stay in the root, as the registry follows them, and never out of it.
 */
public final class FilesystemStorage implements Storage {

    private final FilesystemRoot root;
    private final Directories directories;
    private final Calls calls;
    private final FileRemoval removal;
    private final Trash trash;

    private FilesystemStorage(FilesystemRoot root, Calls calls) {
        this.root = root;
        this.calls = calls;
        directories = new Directories(root);
        removal = new FileRemoval(root, calls);
        trash = new FileTrash(root, calls, removal);
    }

    /**
     * Opens the storage under a root directory.
     *
     * @throws StorageException if there is no registry in it, or it can't be read
     */
    public static FilesystemStorage open(Path rootDirectory) {
        return open(rootDirectory, new Calls());
    }

    /**
     * @param calls that its calls are made through
     */
    public static FilesystemStorage open(Path rootDirectory, Calls calls) {
        return open(rootDirectory, false, calls);
    }

    /**
     * @param mayBeEmpty whether a root directory will do without a registry in it, nor anything in its place
     * @param calls that its calls are made through
     */
    public static FilesystemStorage open(Path rootDirectory, boolean mayBeEmpty, Calls calls) {
        return new FilesystemStorage(FilesystemRoot.of(rootDirectory, mayBeEmpty), calls);
    }

    @Override
    public String description() {
        return root.toString();
    }

    @Override
    public Calls calls() {
        return calls;
    }

    @Override
    public List<Child> children(String directory) {
        return calls.answer("list", directory, () -> directories.children(directory));
    }

    @Override
    public int count(String directory, int limit) {
        return calls.answer("list", directory, () -> directories.count(directory, limit));
    }

    @Override
    public void leaves(String directory, String leaf, Consumer<Leaf> to) {
        // Collected first: a listing that fails half way has handed out nothing twice.
        calls.answer("list", directory, () -> {
                    List<Leaf> leaves = new ArrayList<>();
                    directories.leaves(directory, leaf, found -> {
                        calls.heard();
                        leaves.add(found);
                    });
                    return leaves;
                })
                .forEach(to);
    }

    @Override
    public Optional<Stat> stat(String path) {
        return calls.answer("look at", path, () -> {
            Path file = root.resolve(path);
            root.requireInRoot(file.getParent());
            return directories.statOf(file);
        });
    }

    @Override
    public Tally files(String path) {
        return calls.answer("look into", path, () -> {
            Path file = root.resolve(path);
            root.requireInRoot(file.getParent());
            return FileSizes.at(file, calls::heard);
        });
    }

    /** A file system that does not say how large it is says 0, or has more room than that. */
    @Override
    public Optional<Disk> disk() {
        File top = root.path().toFile();
        long size = top.getTotalSpace();
        long free = top.getFreeSpace();
        return size == 0 || free > size ? Optional.empty() : Optional.of(new Disk(size - free, top.getUsableSpace()));
    }

    @Override
    public <T> Optional<T> read(String path, Content<T> content) {
        return calls.content(path, () -> open(path), content);
    }

    private Optional<InputStream> open(String path) {
        Path file = root.resolve(path);
        if (root.realDirectories().contain(file.getParent())) {
            try {
                return Optional.of(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
            } catch (IOException e) {
                // Not there, a link, or out of reach: the closer look tells which.
            }
        }
        try {
            Path real = file.toRealPath();
            if (!root.holds(real)) {
                throw new ForbiddenException(file + " is behind a symbolic link that leads out of the root");
            }
            return Optional.of(Files.newInputStream(real));
        } catch (NoSuchFileException | NotDirectoryException e) {
            root.requireStorage();
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw new ForbiddenException(file + " may not be read: permission denied");
        } catch (IOException e) {
            if (root.behindNoDirectory(file)) {
                return Optional.empty();
            }
            throw Directories.failed("read", file, e);
        }
    }

    @Override
    public Map<String, StorageException> deleteAll(Collection<String> paths, BooleanSupplier allowed) {
        return removal.all(paths, allowed, (path, file) -> Files.delete(file));
    }

    @Override
    public boolean link(String path, Digest target) {
        return calls.answer("write", path, () -> LinkWriter.write(root.resolve(path), target));
    }

    @Override
    public Optional<Trash> trash() {
        return Optional.of(trash);
    }

    @Override
    public void prune(String directory, String notIncluding) {
        if (!directory.startsWith(notIncluding + "/")) {
            throw new IllegalArgumentException(directory + " is not below " + notIncluding);
        }
        calls.answer("remove", directory, () -> {
            prune(root.resolve(directory), root.resolve(notIncluding));
            return null;
        });
    }

    @Override
    public Optional<Inside> inside(String directory, Collection<String> names) {
        return calls.answer("look into", directory, () -> {
            Optional<Inside> inside = EmptyTree.look(root.resolve(directory), names);
            if (inside.isEmpty()) {
                root.requireStorage();
            }
            return inside;
        });
    }

    @Override
    public boolean removeEmpty(String directory) {
        return calls.answer("remove", directory, () -> EmptyTree.remove(root.resolve(directory)));
    }

    private static void prune(Path directory, Path last) {
        for (Path next = directory; !next.equals(last); next = next.getParent()) {
            try {
                // Not through a link, and not the link itself: what an operator linked, an operator removes.
                if (!next.toRealPath().equals(next)) {
                    return;
                }
                if (next.equals(directory)) {
                    removeOfLink(next);
                } else {
                    Files.delete(next);
                }
            } catch (NoSuchFileException e) {
                // Another sweeper, or an earlier try, was here: go on with its parent.
            } catch (DirectoryNotEmptyException | AccessDeniedException e) {
                return;
            } catch (IOException e) {
                throw Directories.failed("remove the empty directory", next, e);
            }
        }
    }

    /** Those above it are large, and are not to be listed for each that goes. */
    private static void removeOfLink(Path directory) throws IOException {
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException e) {
            LinkWriter.removeUnfinished(directory);
            Files.delete(directory);
        }
    }

    @Override
    public boolean mayHoldRepositories(String linkOutOfRoot) {
        return FileTypes.mayHoldDirectories(root.resolve(linkOutOfRoot));
    }
}
