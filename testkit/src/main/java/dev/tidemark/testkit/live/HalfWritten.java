package dev.tidemark.testkit.live;

import dev.tidemark.testkit.RegistryOnDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The files that a registry was writing when it was killed: they are empty, and a link that other images need may be
 * one of them. It never mends them by itself, and answers 500 where it meets one. Such a loss is the registry's own.
 */
public final class HalfWritten {

    private HalfWritten() {}

    /** Writes links anew whose digest their path says, and removes the rest: it has been acknowledged to nobody. */
    public static void mend(RegistryOnDisk registry) {
        try {
            Files.walkFileTree(registry.base(), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.size() == 0) {
                        mend(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    return goOn(e);
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                    return goOn(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sweep goes on meanwhile. */
    private static FileVisitResult goOn(IOException e) throws IOException {
        if (e == null || e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }

    private static void mend(Path file) throws IOException {
        Path hex = file.getParent();
        if (hex.getParent().endsWith("sha256") && file.endsWith("link")) {
            Files.writeString(file, "sha256:" + hex.getFileName());
        } else if (file.endsWith("link")
                || (file.endsWith("data") && !file.toString().contains("/_uploads/"))) {
            Files.deleteIfExists(file);
        }
    }
}
