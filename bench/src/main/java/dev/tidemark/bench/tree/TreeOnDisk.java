package dev.tidemark.bench.tree;

import dev.tidemark.bench.output.BenchException;
import dev.tidemark.bench.output.Json;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * A tree in a directory, kept from one run of the bench to the next.
 *
 * @param root the storage's root directory
 */
public record TreeOnDisk(Path root, TreeFacts facts) {

    private static final String FACTS = "tree.json";
    private static final Duration AGE = Duration.ofDays(30);

    /** The tree of a size, in the directory of its name; it is made if it isn't there. */
    public static TreeOnDisk in(Path directory, TreeSize size, int threads, Consumer<String> progress) {
        Path root = directory.resolve(size.name());
        Path facts = root.resolve(FACTS);
        if (Files.exists(root)) {
            if (!Files.exists(facts)) {
                throw new BenchException(root + " is there, and was not made by the bench. Choose another --work-dir.");
            }
            TreeFacts found = Json.read(facts, TreeFacts.class);
            if (found.version() != RegistryTree.VERSION) {
                throw new BenchException(
                        root + " was made by another version of the bench. Delete it, and it will be made again.");
            }
            return new TreeOnDisk(root, found);
        }
        return new TreeOnDisk(root, make(root, size, threads, progress));
    }

    /** Under another name until it is complete, so that one that was interrupted is not taken for a tree. */
    private static TreeFacts make(Path root, TreeSize size, int threads, Consumer<String> progress) {
        Path partial = root.resolveSibling(root.getFileName() + ".partial");
        try {
            delete(partial);
            progress.accept("making a registry of " + size.name() + " blobs in " + root);
            Files.createDirectories(partial);
            var sink = new DiskSink(partial, FileTime.from(Instant.now().minus(AGE)));
            TreeFacts facts = RegistryTree.of(size).write(sink, threads);
            Json.write(partial.resolve(FACTS), facts);
            Files.move(partial, root);
            return facts;
        } catch (IOException e) {
            throw new BenchException("cannot make " + root + ": " + e, e);
        }
    }

    /** Deletes a directory with all that is in it. */
    public static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failure) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
