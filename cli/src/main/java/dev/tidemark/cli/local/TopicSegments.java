package dev.tidemark.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;

/**
 * The segments of a data directory's topics. Their sizes tell whether anybody has written to a topic, at no cost and
 * without a Kafka: each run and each action of any process writes, and nobody does who only reads.
 */
public final class TopicSegments {

    private static final String SEGMENT = ".log";

    /** The topics that Kafka keeps for itself have such names. It writes to them whenever it starts. */
    private static final String OF_KAFKA = "__";

    private TopicSegments() {}

    /**
     * Their sizes in bytes, by path. There are none where no run was ever made.
     *
     * @throws UncheckedIOException if the directory can't be read
     */
    public static Map<Path, Long> sizes(Path dataDirectory) {
        var sizes = new TreeMap<Path, Long>();
        try {
            Files.walkFileTree(dataDirectory.resolve("kafka"), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                    return directory.getFileName().toString().startsWith(OF_KAFKA)
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(SEGMENT)) {
                        sizes.put(file, attributes.size());
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                    if (why instanceof NoSuchFileException) {
                        // Kafka has just deleted it.
                        return FileVisitResult.CONTINUE;
                    }
                    throw why;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(dataDirectory + " cannot be read: " + e.getMessage(), e);
        }
        return sizes;
    }
}
