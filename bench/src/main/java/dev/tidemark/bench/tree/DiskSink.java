package dev.tidemark.bench.tree;

import dev.tidemark.bench.output.BenchException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;

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

    @Override
    public void directories(String path, String... inside) {
        Path top = root.resolve(path);
        Set<Path> made = new TreeSet<>(Comparator.reverseOrder());
        made.add(top);
        try {
            for (String name : inside) {
                Path directory = top.resolve(name);
                directory(directory);
                for (Path next = directory; !next.equals(top); next = next.getParent()) {
                    made.add(next);
                }
            }
            directory(top);
            // What is in a directory has changed its time: those come first.
            for (Path directory : made) {
                Files.setLastModifiedTime(directory, modified);
            }
        } catch (IOException e) {
            throw new BenchException("cannot make " + top + ": " + e.getMessage(), e);
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
