package dev.tidemark.storage.file;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The trash of a registry on a filesystem: a file is renamed into it, and back. */
final class FileTrash implements Trash {

    private static final Duration KEPT_IN_DOUBT = Duration.ofDays(1);

    private final FilesystemRoot root;
    private final Calls calls;
    private final FileRemoval removal;
    private final TrashDirectory directory;

    FileTrash(FilesystemRoot root, Calls calls, FileRemoval removal) {
        this.root = root;
        this.calls = calls;
        this.removal = removal;
        directory = TrashDirectory.in(root.path());
    }

    @Override
    public void prepare(RunId run, Duration keep) {
        Path made = directory.of(run);
        try {
            OwnedDirectories.make(made);
            if (!made.toRealPath().equals(made)) {
                throw new NoTrashException(
                        made + " is behind a symbolic link, and the trash has to lie in the "
                                + "registry's own root directory: remove the link",
                        null);
            }
            for (Path registry : root.tops()) {
                if (!Files.getFileStore(registry).equals(Files.getFileStore(made))) {
                    throw new NoTrashException(
                            registry + " lies on another file system than the trash, " + made
                                    + ", so nothing can be moved there: sweep without a trash (--keep-trash off)",
                            null);
                }
            }
            Files.writeString(directory.keep(run), keep.toString());
        } catch (IOException e) {
            throw new NoTrashException(
                    "the trash " + made + " can't be made (" + reason(e) + "): make it possible, or sweep without a "
                            + "trash (--keep-trash off)",
                    e);
        }
    }

    @Override
    public Duration keep(RunId run) {
        return calls.answer("read", "the trash", () -> {
            try {
                return Duration.parse(Files.readString(directory.keep(run)));
            } catch (NoSuchFileException | DateTimeParseException e) {
                return KEPT_IN_DOUBT;
            } catch (IOException e) {
                throw Directories.failed("read", directory.keep(run), e);
            }
        });
    }

    @Override
    public Map<String, StorageException> take(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        return removal.all(paths, allowed, (path, file) -> move(file, directory.file(run, path)));
    }

    private void move(Path file, Path to) throws IOException {
        try {
            try {
                Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                OwnedDirectories.make(to.getParent());
                Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
            }
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException e) {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            throw new NoTrashException("cannot move " + file + " to the trash: " + reason(e), e);
        }
    }

    @Override
    public List<RunId> runs() {
        return calls.answer("list", "the trash", () -> {
            List<RunId> runs = new ArrayList<>();
            try (DirectoryStream<Path> names = Files.newDirectoryStream(directory.top())) {
                for (Path name : names) {
                    RunId.parse(name.getFileName().toString()).ifPresent(runs::add);
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                root.requireStorage();
            } catch (IOException e) {
                throw Directories.failed("list", directory.top(), e);
            }
            runs.sort(Comparator.reverseOrder());
            return runs;
        });
    }

    @Override
    public void files(RunId run, Consumer<Trashed> to) {
        calls.answer("list", "the trash", () -> {
            walk(run, directory.of(run), to);
            return null;
        });
    }

    @Override
    public void files(RunId run, String below, Consumer<Trashed> to) {
        calls.answer("list", "the trash", () -> {
            Path path = directory.of(run).resolve(below);
            for (String leaf : TrashDirectory.LEAVES) {
                look(run, path.resolveSibling(path.getFileName() + leaf), to);
            }
            walk(run, path, to);
            return null;
        });
    }

    private void walk(RunId run, Path start, Consumer<Trashed> to) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(start)) {
            for (Path entry : entries) {
                calls.heard();
                if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    walk(run, entry, to);
                } else {
                    look(run, entry, to);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Restored, purged or emptied by hand meanwhile.
            root.requireStorage();
        } catch (IOException e) {
            throw Directories.failed("list", start, e);
        }
    }

    private void look(RunId run, Path file, Consumer<Trashed> to) {
        String path = directory.path(run, file);
        if (path == null) {
            return;
        }
        try {
            Map<String, Object> found = Files.readAttributes(
                    file, "unix:size,lastModifiedTime,ctime,isRegularFile", LinkOption.NOFOLLOW_LINKS);
            if (Boolean.TRUE.equals(found.get("isRegularFile"))) {
                to.accept(new Trashed(
                        run,
                        path,
                        (Long) found.get("size"),
                        ((FileTime) found.get("lastModifiedTime")).toMillis(),
                        ((FileTime) found.get("ctime")).toMillis()));
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            root.requireStorage();
        } catch (IOException e) {
            throw Directories.failed("look at", file, e);
        }
    }

    @Override
    public Restored restore(RunId run, String path) {
        return restore(run, path, false);
    }

    @Override
    public Restored restoreAsNew(RunId run, String path) {
        return restore(run, path, true);
    }

    private Restored restore(RunId run, String path, boolean asNew) {
        return calls.answer("restore", path, () -> {
            Path from = directory.file(run, path);
            Path to = root.resolve(path);
            try {
                if (!Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
                    root.requireStorage();
                    return Restored.NOT_THERE;
                }
                OwnedDirectories.make(to.getParent());
                if (!to.getParent().toRealPath().equals(to.getParent())) {
                    throw new ForbiddenException(to + " is behind a symbolic link, and nothing is restored there");
                }
                if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                    return Restored.IN_PLACE;
                }
                if (asNew) {
                    Files.setLastModifiedTime(from, FileTime.fromMillis(System.currentTimeMillis()));
                }
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
                prune(run, from.getParent());
                return Restored.BACK;
            } catch (AccessDeniedException e) {
                throw new ForbiddenException(to + " may not be restored: permission denied");
            } catch (IOException e) {
                throw Directories.failed("restore", to, e);
            }
        });
    }

    @Override
    public Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        Map<String, StorageException> failures = calls.deletions(paths, some -> {
            Map<String, StorageException> failed = new LinkedHashMap<>();
            for (String path : some) {
                try {
                    if (!allowed.getAsBoolean()) {
                        throw new NotAllowedException();
                    }
                    purge(run, directory.file(run, path));
                } catch (StorageException e) {
                    failed.put(path, e);
                }
            }
            return failed;
        });
        calls.answer("remove", "the trash", () -> {
            prune(run, directory.of(run));
            return null;
        });
        return failures;
    }

    private void purge(RunId run, Path file) {
        try {
            Files.deleteIfExists(file);
            prune(run, file.getParent());
        } catch (AccessDeniedException e) {
            throw new ForbiddenException(file + " may not be deleted: permission denied");
        } catch (IOException e) {
            throw Directories.failed("purge", file, e);
        }
    }

    /** Removes the directory and those above it, as long as they are empty: without a file there is no trash. */
    private void prune(RunId run, Path first) {
        for (Path next = first; !next.equals(root.path()); next = next.getParent()) {
            try {
                if (next.equals(directory.of(run)) && holdsOnly(next, directory.keep(run))) {
                    Files.deleteIfExists(directory.keep(run));
                }
                Files.deleteIfExists(next);
            } catch (DirectoryNotEmptyException | AccessDeniedException e) {
                return;
            } catch (IOException e) {
                throw Directories.failed("remove the empty directory", next, e);
            }
        }
    }

    private static boolean holdsOnly(Path parent, Path file) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                if (!entry.equals(file)) {
                    return false;
                }
            }
            return true;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        }
    }

    @Override
    public long now() {
        return calls.answer("look at", "the storage's clock", () -> {
            Path probe = directory.top().resolve("clock");
            try {
                OwnedDirectories.make(directory.top());
                Files.deleteIfExists(probe);
                Files.createFile(probe);
                long now = Files.getLastModifiedTime(probe).toMillis();
                Files.deleteIfExists(probe);
                return now;
            } catch (IOException e) {
                throw Directories.failed("write", probe, e);
            }
        });
    }

    private static String reason(IOException failure) {
        return failure instanceof AccessDeniedException ? "permission denied" : failure.getMessage();
    }
}
