package dev.tidemark.storage.file;

import dev.tidemark.storage.Calls;
import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.NotAllowedException;
import dev.tidemark.storage.StorageException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Takes files out of a registry, never through a symbolic link, and never a directory. */
final class FileRemoval {

    private final FilesystemRoot root;
    private final Calls calls;

    FileRemoval(FilesystemRoot root, Calls calls) {
        this.root = root;
        this.calls = calls;
    }

    /** Takes one file away: it deletes it, or moves it. */
    interface Act {
        void on(String path, Path file) throws IOException;
    }

    /** Removes files as {@link dev.tidemark.storage.Storage#deleteAll} does. */
    Map<String, StorageException> all(Collection<String> paths, BooleanSupplier allowed, Act act) {
        return calls.deletions(paths, some -> {
            Map<String, StorageException> failures = new LinkedHashMap<>();
            for (String path : some) {
                try {
                    if (!allowed.getAsBoolean()) {
                        throw new NotAllowedException();
                    }
                    remove(path, act);
                } catch (StorageException e) {
                    failures.put(path, e);
                }
            }
            return failures;
        });
    }

    private void remove(String path, Act act) {
        Path file = root.resolve(path);
        try {
            // Behind a link lies what may be listed, and live, under another name.
            if (!file.getParent().toRealPath().equals(file.getParent())) {
                throw new ForbiddenException(file + " is behind a symbolic link, and nothing is deleted there");
            }
            var attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                throw new ForbiddenException(file + " is a directory, and only files are deleted");
            }
            if (Thread.currentThread().isInterrupted()) {
                // It may have waited long for the file system by now, and the one that interrupts it goes on without
                // it.
                throw new NotAllowedException();
            }
            act.on(path, file);
        } catch (NoSuchFileException | NotDirectoryException e) {
            root.requireStorage();
        } catch (AccessDeniedException e) {
            throw new ForbiddenException(file + " may not be deleted: permission denied");
        } catch (IOException e) {
            if (!root.behindNoDirectory(file)) {
                throw Directories.failed("delete", file, e);
            }
        }
    }
}
