package dev.tidemark.cli.command;

import dev.tidemark.cli.exit.CollectionException;
import dev.tidemark.cli.exit.UsageException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is written whole or not at all: what is there already stays until all of the new is. */
final class WholeFile {

    private final Path path;

    /**
     * @throws UsageException if it can't be written
     */
    WholeFile(Path path) {
        this.path = path;
        Path directory = path.toAbsolutePath().getParent();
        if (Files.isDirectory(path) || directory == null || !Files.isDirectory(directory)) {
            throw new UsageException(path + " cannot be written: name a file in a directory that is there");
        }
        try {
            if ((Files.exists(path) && !Files.isWritable(path))
                    || (isReplaced() && !Files.isWritable(file().getParent()))) {
                throw new UsageException(path + " cannot be written: permission denied");
            }
        } catch (IOException e) {
            throw new UsageException(path + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** A device or a pipe is not. */
    private boolean isReplaced() {
        return !Files.exists(path) || Files.isRegularFile(path);
    }

    /** A symbolic link stays: the file that it names is replaced. */
    private Path file() throws IOException {
        return Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
    }

    /** Writes what the file is to hold. */
    interface Content {
        void to(Writer out) throws IOException;
    }

    /**
     * Writes the file. A device or a pipe is written as it is.
     *
     * @throws CollectionException if it can't be
     */
    void write(Content content) {
        try {
            if (!isReplaced()) {
                write(content, path);
                return;
            }
            Path file = file();
            Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
            try {
                write(content, unfinished);
                move(unfinished, file);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CollectionException(path + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static void write(Content content, Path file) throws IOException {
        // A name that is no Unicode does not stop it, as it would with Files.newBufferedWriter.
        try (var out =
                new BufferedWriter(new OutputStreamWriter(Files.newOutputStream(file), StandardCharsets.UTF_8))) {
            content.to(out);
        }
    }

    private static void move(Path unfinished, Path file) throws IOException {
        try {
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Path path() {
        return path;
    }

    long size() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw new CollectionException(path + " cannot be read: " + e.getMessage(), e);
        }
    }
}
