package dev.tidemark.storage.file;

import dev.tidemark.schemas.Tally;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up files, with their bytes, where nothing depends on the sum. No link is followed, and what can't be looked at is
 * left out: no run fails for that.
 */
final class FileSizes extends SimpleFileVisitor<Path> {

    private static final Logger LOG = LoggerFactory.getLogger(FileSizes.class);

    private Tally files = Tally.NONE;

    private final Runnable heard;

    FileSizes(Runnable heard) {
        this.heard = heard;
    }

    /**
     * Those at a path and below it.
     *
     * @param heard told of each that was looked at
     */
    static Tally at(Path path, Runnable heard) {
        var sizes = new FileSizes(heard);
        try {
            Files.walkFileTree(path, sizes);
        } catch (IOException e) {
            throw Directories.failed("look into", path, e);
        }
        return sizes.files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        heard.run();
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        heard.run();
        if (attributes.isRegularFile()) {
            files = files.plus(attributes.size());
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        return leftOut(file, failure);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException failure) {
        return failure == null ? FileVisitResult.CONTINUE : leftOut(directory, failure);
    }

    private static FileVisitResult leftOut(Path path, IOException failure) {
        LOG.debug("{} is not counted", path, failure);
        return FileVisitResult.CONTINUE;
    }
}
