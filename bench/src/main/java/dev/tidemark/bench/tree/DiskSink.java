package dev.tidemark.bench.tree;

import dev.tidemark.bench.output.BenchException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;

/** Writes the tree to a directory, as if all of it had been pushed long ago. */
final class DiskSink implements TreeSink {

    private final Path root;
    private final FileTime modified;

    DiskSink(Path root, FileTime modified) {
        this.root = root;
        this.modified = modified;
    }

    @Override
    public void write(String path, byte[] bytes) {
        Path file = root.resolve(path);
        try {
            directory(file.getParent());
            Files.write(file, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.setLastModifiedTime(file, modified);
        } catch (IOException e) {
            throw new BenchException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Nearly every file has a directory of its own, in one that is there already: so it is made first, and asked for
     * never.
     */
    private static void directory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException there) {
            // Another file's, or another thread's.
        } catch (NoSuchFileException noParent) {
            directory(directory.getParent());
            directory(directory);
        }
    }
}
