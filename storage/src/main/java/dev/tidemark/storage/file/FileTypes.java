package dev.tidemark.storage.file;

import dev.tidemark.storage.Storage.Type;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/** Tells files and directories apart by their attributes. A path that can't be looked at may be either. */
final class FileTypes {

    private FileTypes() {}

    static Type of(BasicFileAttributes attributes) {
        return attributes.isDirectory() ? Type.DIRECTORY : attributes.isRegularFile() ? Type.FILE : Type.OTHER;
    }

    static boolean mayHoldDirectories(Path path) {
        if (!mayBeDirectory(path)) {
            return false;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, FileTypes::mayBeDirectory)) {
            return stream.iterator().hasNext();
        } catch (IOException | DirectoryIteratorException e) {
            // Nothing is known of it, so it may.
            return true;
        }
    }

    static boolean mayBeDirectory(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            // Nothing is known of it either.
            return true;
        }
    }

    /** A link that leads round in a circle, from link to link, leads nowhere. */
    static boolean leadsToItself(Path link) throws IOException {
        Set<Path> met = new HashSet<>();
        Path next = link;
        while (Files.isSymbolicLink(next)) {
            if (!met.add(next)) {
                return true;
            }
            next = next.resolveSibling(Files.readSymbolicLink(next)).normalize();
        }
        return false;
    }
}
