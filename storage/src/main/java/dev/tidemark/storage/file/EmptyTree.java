package dev.tidemark.storage.file;

import dev.tidemark.storage.ForbiddenException;
import dev.tidemark.storage.Storage.Inside;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.Optional;

/** A directory that may have nothing but directories in it, at any depth. A link is no directory. */
final class EmptyTree {

    private EmptyTree() {}

    /** Looks into those of a directory that have the names, or into all of them if there are no names. */
    static Optional<Inside> look(Path directory, Collection<String> names) {
        var look = new Look(directory, names);
        try {
            if (!directory.toRealPath().equals(directory)) {
                return Optional.of(new Inside(0, 0, "a symbolic link"));
            }
            Files.walkFileTree(directory, look);
            return look.any || names.isEmpty()
                    ? Optional.of(new Inside(look.changed, look.below, look.other))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw Directories.failed("look into", directory, e);
        }
    }

    /**
     * Removes it, as far as it is empty.
     *
     * @return whether it is gone
     */
    static boolean remove(Path directory) {
        var removal = new Removal();
        try {
            if (!directory.toRealPath().equals(directory)) {
                throw new ForbiddenException(directory + " is behind a symbolic link, and nothing is removed there");
            }
            Files.walkFileTree(directory, removal);
            return !removal.kept;
        } catch (NoSuchFileException e) {
            return true;
        } catch (AccessDeniedException e) {
            throw new ForbiddenException(e.getFile() + " may not be removed: permission denied");
        } catch (IOException e) {
            throw Directories.failed("remove the empty directory", directory, e);
        }
    }

    private static final class Look extends SimpleFileVisitor<Path> {

        private final Path top;
        private final Collection<String> names;
        private boolean any;
        private long changed;
        private long below;
        private String other;

        Look(Path top, Collection<String> names) {
            this.top = top;
            this.names = names;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            long modified = attributes.lastModifiedTime().toMillis();
            if (directory.equals(top)) {
                changed = modified;
                return FileVisitResult.CONTINUE;
            }
            if (!names.isEmpty()
                    && directory.getParent().equals(top)
                    && !names.contains(directory.getFileName().toString())) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            any = true;
            below = Math.max(below, modified);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return found(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            return switch (failure) {
                // Gone since it was listed. The directory that it was in has changed just now.
                case NoSuchFileException gone when !file.equals(top) -> found(file);
                case AccessDeniedException denied -> found(file);
                default -> throw failure;
            };
        }

        private FileVisitResult found(Path file) {
            any = true;
            other = top.relativize(file).toString();
            return FileVisitResult.TERMINATE;
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {

        private boolean kept;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            kept = true;
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
            if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
            }
            throw failure;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            try {
                Files.deleteIfExists(directory);
            } catch (DirectoryNotEmptyException e) {
                kept = true;
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
