package dev.tidemark.storage.file;

import dev.tidemark.schemas.Tally;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Adds up files, with their bytes. No link is followed, and what may not be looked at is left out. */
final class FileSizes extends SimpleFileVisitor<Path> {

    private Tally files = Tally.NONE;

    private FileSizes() {}

    /** Those at a path and below it. */
    static Tally at(Path path) {
        var sizes = new FileSizes();
        try {
            Files.walkFileTree(path, sizes);
        } catch (IOException e) {
            throw Directories.failed("look into", path, e);
        }
        return sizes.files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
            files = files.plus(attributes.size());
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException || failure instanceof AccessDeniedException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
