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
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trash of a registry on a filesystem: a file is renamed into it, and linked back. */
final class FileTrash implements Trash {

    private static final Logger LOG = LoggerFactory.getLogger(FileTrash.class);
    /** What a run has asked for if nothing says it any more. */
    private static final Duration IN_DOUBT = Duration.ofDays(1);

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
                        made + " is behind a symbolic link, and the trash has to lie in the registry's own root "
                                + "directory: remove the link",
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
            write(directory.keep(run), keep);
        } catch (IOException e) {
            throw new NoTrashException(
                    "the trash " + made + " can't be made (" + reason(e) + "): make it possible, or sweep without a "
                            + "trash (--keep-trash off)",
                    e);
        }
    }

    /** A longer time that is there stays, and so does the file's time: it says when the trash was made. */
    private static void write(Path file, Duration keep) throws IOException {
        Optional<Duration> before = read(file);
        if (before.filter(there -> there.compareTo(keep) >= 0).isPresent()) {
            return;
        }
        Path written = file.resolveSibling("keep.new");
        Files.writeString(written, keep.toString());
        if (before.isPresent()) {
            Files.setLastModifiedTime(written, Files.getLastModifiedTime(file));
        }
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Optional<Duration> read(Path keep) throws IOException {
        try {
            return Optional.of(Duration.parse(Files.readString(keep)));
        } catch (NoSuchFileException | DateTimeParseException e) {
            return Optional.empty();
        }
    }

    @Override
    public Terms terms(RunId run) {
        return calls.answer("read", "the trash", () -> {
            Path file = directory.keep(run);
            try {
                Optional<Duration> keep = read(file);
                return keep.isPresent()
                        ? new Terms(keep.get(), Files.getLastModifiedTime(file).toMillis())
                        : new Terms(IN_DOUBT, run.time().minus(IN_DOUBT).toEpochMilli());
            } catch (NoSuchFileException e) {
                return new Terms(IN_DOUBT, run.time().minus(IN_DOUBT).toEpochMilli());
            } catch (IOException e) {
                throw Directories.failed("read", file, e);
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
        return names(directory.top()).stream()
                .flatMap(name -> RunId.parse(name.getFileName().toString()).stream())
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    @Override
    public void files(RunId run, Consumer<Trashed> to) {
        walk(run, directory.of(run), to);
    }

    @Override
    public void files(RunId run, String below, Consumer<Trashed> to) {
        Path path = directory.of(run).resolve(below);
        for (String leaf : TrashDirectory.LEAVES) {
            look(run, path.resolveSibling(path.getFileName() + leaf)).ifPresent(to);
        }
        walk(run, path, to);
    }

    /** Each directory is listed whole before anything of it is handed out: a listing that fails hands out nothing twice. */
    private void walk(RunId run, Path start, Consumer<Trashed> to) {
        for (Path entry : names(start)) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                walk(run, entry, to);
            } else {
                look(run, entry).ifPresent(to);
            }
        }
    }

    private List<Path> names(Path parent) {
        return calls.answer("list", "the trash", () -> {
            List<Path> names = new ArrayList<>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
                entries.forEach(names::add);
            } catch (NoSuchFileException | NotDirectoryException e) {
                // Restored, purged or emptied by hand meanwhile.
                root.requireStorage();
            } catch (DirectoryIteratorException e) {
                throw Directories.failed("list", parent, e.getCause());
            } catch (IOException e) {
                throw Directories.failed("list", parent, e);
            }
            return names;
        });
    }

    private Optional<Trashed> look(RunId run, Path file) {
        String path = directory.path(run, file);
        return path == null
                ? Optional.empty()
                : calls.answer("look at", path, () -> {
                    try {
                        Map<String, Object> found = Files.readAttributes(
                                file, "unix:size,lastModifiedTime,ctime,isDirectory", LinkOption.NOFOLLOW_LINKS);
                        // A file system may not note the time of a rename: it was after the run was asked for.
                        long since = Math.max(
                                ((FileTime) found.get("ctime")).toMillis(),
                                run.time().toEpochMilli());
                        return Boolean.TRUE.equals(found.get("isDirectory"))
                                ? Optional.empty()
                                : Optional.of(new Trashed(
                                        run,
                                        path,
                                        (Long) found.get("size"),
                                        ((FileTime) found.get("lastModifiedTime")).toMillis(),
                                        since));
                    } catch (NoSuchFileException | NotDirectoryException e) {
                        root.requireStorage();
                        return Optional.empty();
                    } catch (IOException e) {
                        throw Directories.failed("look at", file, e);
                    }
                });
    }

    @Override
    public Restored restore(RunId run, String path) {
        return restore(run, path, OptionalLong.empty());
    }

    @Override
    public Restored restoreAsOf(RunId run, String path, long modified) {
        return restore(run, path, OptionalLong.of(modified));
    }

    private Restored restore(RunId run, String path, OptionalLong modified) {
        Restored how = calls.answer("restore", path, () -> {
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
                if (modified.isPresent()) {
                    Files.setLastModifiedTime(from, FileTime.fromMillis(modified.getAsLong()));
                }
                return moveBack(from, to);
            } catch (AccessDeniedException e) {
                throw new ForbiddenException(to + " may not be restored: permission denied");
            } catch (IOException e) {
                throw Directories.failed("restore", to, e);
            }
        });
        prune(directory.file(run, path).getParent(), directory.of(run));
        return how;
    }

    /** A link replaces nothing, and a rename would: the registry may write the file at the same moment. */
    private static Restored moveBack(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException e) {
            return Restored.IN_PLACE;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No hard links here, or not of this file.
            if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                return Restored.IN_PLACE;
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            return Restored.BACK;
        }
        Files.deleteIfExists(from);
        return Restored.BACK;
    }

    @Override
    public Map<String, StorageException> purge(RunId run, Collection<String> paths, BooleanSupplier allowed) {
        return calls.deletions(paths, some -> {
            Map<String, StorageException> failed = new LinkedHashMap<>();
            for (String path : some) {
                Path file = directory.file(run, path);
                try {
                    if (!allowed.getAsBoolean()) {
                        throw new NotAllowedException();
                    }
                    Files.deleteIfExists(file);
                    prune(file.getParent(), directory.of(run));
                } catch (AccessDeniedException e) {
                    failed.put(path, new ForbiddenException(file + " may not be deleted: permission denied"));
                } catch (IOException e) {
                    failed.put(path, Directories.failed("purge", file, e));
                } catch (StorageException e) {
                    failed.put(path, e);
                }
            }
            return failed;
        });
    }

    @Override
    public void end(RunId run) {
        Path made = directory.of(run);
        if (names(made).stream().allMatch(directory.keep(run)::equals)) {
            calls.answer("remove", "the trash", () -> {
                try {
                    Files.deleteIfExists(directory.keep(run));
                } catch (IOException e) {
                    throw Directories.failed("remove", directory.keep(run), e);
                }
                return null;
            });
            prune(made, root.path());
        }
    }

    /** Removes the directory and those above it, as long as they are empty. One that stays does no harm. */
    private static void prune(Path first, Path notIncluding) {
        for (Path next = first; !next.equals(notIncluding); next = next.getParent()) {
            try {
                Files.deleteIfExists(next);
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (IOException e) {
                LOG.debug("the empty directory {} stays", next, e);
                return;
            }
        }
    }

    @Override
    public long now() {
        return calls.answer("look at", "the storage's clock", () -> {
            Path top = directory.top();
            try {
                OwnedDirectories.make(top);
                Path probe = top.resolve("clock");
                Files.deleteIfExists(probe);
                try {
                    Files.createFile(probe);
                } catch (IOException e) {
                    // A full disk takes no new file. A change of mode takes no room.
                    Files.setPosixFilePermissions(top, Files.getPosixFilePermissions(top));
                    return ((FileTime) Files.getAttribute(top, "unix:ctime")).toMillis();
                }
                long now = Files.getLastModifiedTime(probe).toMillis();
                Files.deleteIfExists(probe);
                return now;
            } catch (IOException e) {
                throw Directories.failed("ask for the time at", top, e);
            }
        });
    }

    private static String reason(IOException failure) {
        return failure instanceof AccessDeniedException ? "permission denied" : failure.getMessage();
    }
}
