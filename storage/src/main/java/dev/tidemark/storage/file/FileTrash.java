package dev.tidemark.storage.file;

import dev.tidemark.schemas.RunId;
import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NoTrashException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.Storage;
import dev.tidemark.storage.StorageException;
import dev.tidemark.storage.Trash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Collection;
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

    private final FilesystemRoot root;
    private final Calls calls;
    private final FileRemoval removal;
    private final TrashDirectory directory;
    private final TrashListing listing;
    private final TrashTerms terms;
    private final FilesystemClock clock;

    FileTrash(FilesystemRoot root, Calls calls, FileRemoval removal) {
        this.root = root;
        this.calls = calls;
        this.removal = removal;
        directory = TrashDirectory.in(root.path());
        listing = new TrashListing(root, calls, directory);
        terms = new TrashTerms(directory);
        clock = new FilesystemClock(directory.top());
    }

    @Override
    public void prepare(RunId run, Duration keep) {
        Path made = directory.of(run);
        try {
            OwnedDirectories.amidOthers(() -> make(run, keep, made));
        } catch (IOException e) {
            throw new NoTrashException(
                    "the trash " + made + " can't be made (" + reason(e) + "): make it possible, or sweep without a "
                            + "trash (--keep-trash off)",
                    e);
        }
    }

    private void make(RunId run, Duration keep, Path made) throws IOException {
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
        terms.write(run, keep);
    }

    @Override
    public Terms terms(RunId run) {
        return calls.answer("read", "the trash", () -> terms.of(run));
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
                OwnedDirectories.amidOthers(() -> {
                    OwnedDirectories.make(to.getParent());
                    Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
                });
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
        return listing.runs();
    }

    @Override
    public void files(RunId run, Consumer<Trashed> to) {
        listing.files(run, to);
    }

    @Override
    public void files(RunId run, String below, Consumer<Trashed> to) {
        listing.files(run, below, to);
    }

    @Override
    public <T> Optional<T> read(RunId run, String path, Storage.Content<T> content) {
        Path file = directory.file(run, path);
        return calls.content(path, () -> open(file), content);
    }

    private Optional<InputStream> open(Path file) {
        try {
            return Optional.of(Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException | NotDirectoryException e) {
            root.requireStorage();
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw new ForbiddenException(file + " may not be read: permission denied");
        } catch (IOException e) {
            throw Directories.failed("read", file, e);
        }
    }

    @Override
    public Restored restore(RunId run, String path, Runnable back) {
        return restore(run, path, OptionalLong.empty(), back);
    }

    @Override
    public Restored restoreAsOf(RunId run, String path, long modified, Runnable back) {
        return restore(run, path, OptionalLong.of(modified), back);
    }

    private Restored restore(RunId run, String path, OptionalLong modified, Runnable back) {
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
                return moveBack(from, to, back);
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
    private static Restored moveBack(Path from, Path to, Runnable back) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException e) {
            if (!fileKey(to).equals(fileKey(from))) {
                return Restored.IN_PLACE;
            }
            // The process that restored it was killed right here: it is one file, with two names.
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No hard links here, or not of this file.
            if (Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
                return Restored.IN_PLACE;
            }
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            back.run();
            return Restored.BACK;
        }
        back.run();
        Files.deleteIfExists(from);
        return Restored.BACK;
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
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
        List<Path> left = listing.names(made);
        if (!left.stream().allMatch(file -> directory.keeps(run, file))) {
            return;
        }
        calls.answer("remove", "the trash", () -> {
            Terms asked = terms.of(run);
            try {
                for (Path file : left) {
                    Files.deleteIfExists(file);
                }
                prune(made, root.path());
                if (!left.isEmpty() && Files.exists(made)) {
                    // Its run sweeps still, and has put something there in between.
                    terms.write(run, asked);
                }
            } catch (NoSuchFileException e) {
                LOG.debug("{} has gone in between", made, e);
            } catch (IOException e) {
                throw Directories.failed("remove", made, e);
            }
            return null;
        });
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
    public OptionalLong room() {
        return OptionalLong.of(root.path().toFile().getUsableSpace());
    }

    @Override
    public long now() {
        return calls.answer("look at", "the storage's clock", clock::now);
    }

    private static String reason(IOException failure) {
        return failure instanceof AccessDeniedException ? "permission denied" : failure.getMessage();
    }
}
